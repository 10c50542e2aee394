package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.GateCheck;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.gateway.console.ModelView.Bar;
import dev.tutelage.gateway.console.RunView.Line;
import dev.tutelage.gateway.history.History;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.gateway.history.TaskHistory;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.run.RunId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes the pages about models. Call all methods while no fact is added. */
@ApplicationScoped
public class ModelPages {
    private static final List<Role> ROLES = List.of(Role.ROLE_TEACHER, Role.ROLE_STUDENT);
    private static final int FOREBEARS = 50;

    private final History history;
    private final ConsoleSettings settings;

    public ModelPages(History history, ConsoleSettings settings) {
        this.history = history;
        this.settings = settings;
    }

    /** The models of a task, a page of them. */
    Models list(TaskLedger task, Frame frame, int page) {
        TaskHistory past = history.task(task.name()).orElseThrow();
        String base = Frame.path(task.name());
        Pager.Page<Said<CheckpointPublished>> cut =
                Pager.cut(past.checkpoints().newest(), page, settings.pageSize(), base + "/models?page=");
        return new Models(
                frame,
                base,
                base + "/models/live?page=" + page,
                cut.rows().stream().map(each -> row(task, each)).toList(),
                cut.pager(),
                past.promotions().newest().stream()
                        .limit(settings.pageSize())
                        .map(each -> promotion(task, each))
                        .toList(),
                !ModelChart.isEmpty(past),
                Actions.ofRoles(task));
    }

    private static Models.Row row(TaskLedger task, Said<CheckpointPublished> said) {
        CheckpointPublished checkpoint = said.fact();
        return new Models.Row(
                Say.digest(checkpoint.getDigest()),
                Frame.path(task.name()) + "/models/" + checkpoint.getDigest(),
                RunId.nameOf(checkpoint.getStage()),
                top1(checkpoint).isPresent() ? Say.percent(top1(checkpoint).getAsDouble()) : "",
                String.join(", ", roles(task, checkpoint.getDigest())),
                String.join(
                        ", ",
                        judged(task, checkpoint.getDigest())
                                .map(judged -> Words.verdict(judged.getVerdict()))
                                .toList()),
                Say.when(said.time()),
                Say.count(checkpoint.getParameters()),
                Say.seconds(checkpoint.getSeconds()));
    }

    private static List<String> roles(TaskLedger task, String digest) {
        List<String> roles = new ArrayList<>();
        for (Role role : ROLES) {
            if (task.holder(role)
                    .map(Promoted::getCheckpoint)
                    .filter(digest::equals)
                    .isPresent()) {
                roles.add("the " + Words.role(role));
            } else if (task.promotions(role).stream()
                    .anyMatch(each -> each.getCheckpoint().equals(digest))) {
                roles.add("was " + Words.role(role));
            }
        }
        return roles;
    }

    private static Stream<CandidateJudged> judged(TaskLedger task, String digest) {
        return ROLES.stream().flatMap(role -> task.judgement(role, digest).stream());
    }

    private static Models.Promotion promotion(TaskLedger task, Said<Promoted> said) {
        Promoted promoted = said.fact();
        return new Models.Promotion(
                Say.when(said.time()),
                Words.role(promoted.getRole()),
                RunPages.checkpoint(task, "", promoted.getCheckpoint()),
                promoted.getPrevious().isEmpty()
                        ? Line.of("", "nobody")
                        : RunPages.checkpoint(task, "", promoted.getPrevious()),
                Words.kind(promoted.getKind()) + (promoted.getBy().isEmpty() ? "" : " (" + promoted.getBy() + ")"),
                promoted.getEvidence().getReason());
    }

    private static OptionalDouble top1(CheckpointPublished checkpoint) {
        return checkpoint.containsMetrics("top1")
                ? OptionalDouble.of(checkpoint.getMetricsOrThrow("top1"))
                : OptionalDouble.empty();
    }

    /**
     * A checkpoint, but for its model card, which is in the store.
     *
     * @throws NoSuchPage if the task has no such checkpoint
     */
    ModelView detail(TaskLedger task, Frame frame, CheckpointPublished checkpoint) {
        String digest = checkpoint.getDigest();
        TaskHistory past = history.task(task.name()).orElseThrow();
        Said<CheckpointPublished> said = past.checkpoints().get(digest).orElseThrow(() -> missing(task, digest));
        return new ModelView(
                frame,
                Frame.path(task.name()),
                digest,
                RunId.nameOf(checkpoint.getStage()),
                Say.when(said.time()),
                roles(task, digest),
                Actions.ofModel(task, checkpoint),
                facts(task, checkpoint),
                RunPages.metrics(checkpoint.getMetricsMap()),
                past.judgements().stream()
                        .filter(each -> each.fact().getCheckpoint().equals(digest))
                        .map(each -> judgement(each, task.declaration().getClassesList()))
                        .toList(),
                recall(task, digest),
                checkpoint.getFilesList().stream()
                        .map(file -> Line.of(
                                file.getName(), Say.bytes(file.getSize()) + ", sha256 " + Say.digest(file.getDigest())))
                        .toList(),
                ancestors(task, checkpoint),
                task.checkpoints().stream()
                        .filter(each -> each.getParent().equals(digest)
                                || each.getStart().equals(digest))
                        .map(each -> RunPages.checkpoint(task, RunId.nameOf(each.getStage()), each.getDigest()))
                        .toList(),
                RunPages.indented(checkpoint.getRecipe()));
    }

    static NoSuchPage missing(TaskLedger task, String digest) {
        return new NoSuchPage("Task " + task.name() + " has no checkpoint " + Say.digest(digest)
                + ". Its page of models lists those it has.");
    }

    private static List<Line> facts(TaskLedger task, CheckpointPublished checkpoint) {
        List<Line> lines = new ArrayList<>();
        if (checkpoint.getRunId().isEmpty()) {
            lines.add(Line.of("Made by", "imported"));
        } else {
            lines.add(new Line(
                    "Made by",
                    "run " + Say.run(checkpoint.getRunId()),
                    Frame.path(task.name()) + "/runs/" + checkpoint.getRunId()));
        }
        lines.add(Line.of("Parameters", Say.count(checkpoint.getParameters())));
        lines.add(Line.of("Took", Say.seconds(checkpoint.getSeconds())));
        if (!checkpoint.getDataset().isEmpty()) {
            lines.add(Line.of("Dataset", Say.digest(checkpoint.getDataset())));
        }
        return lines;
    }

    private static ModelView.Judgement judgement(Said<CandidateJudged> said, List<String> classes) {
        GateEvidence evidence = said.fact().getEvidence();
        return new ModelView.Judgement(
                Words.role(said.fact().getRole()),
                Words.verdict(said.fact().getVerdict())
                        + (said.fact().getBy().isEmpty()
                                ? ""
                                : " by " + said.fact().getBy()),
                Say.when(said.time()),
                evidence.getReason(),
                evidence.getChecksList().stream().map(ModelPages::check).toList(),
                ClassChange.of(said.fact(), classes));
    }

    private static ModelView.Check check(GateCheck check) {
        return new ModelView.Check(
                check.getName(),
                Say.number(check.getValue()),
                Say.number(check.getLimit()),
                check.getPassed(),
                check.getDetail());
    }

    private static List<Bar> recall(TaskLedger task, String digest) {
        List<String> classes = task.declaration().getClassesList();
        List<Double> recall = judged(task, digest)
                .map(judged -> judged.getEvidence().getCandidateClassRecallList())
                .filter(told -> told.size() == classes.size())
                .findFirst()
                .orElse(List.of());
        return IntStream.range(0, recall.size())
                .mapToObj(i -> new Bar(
                        classes.get(i),
                        Double.isFinite(recall.get(i))
                                ? String.format(Locale.ROOT, "%.1f %%", recall.get(i))
                                : "no image",
                        Double.isFinite(recall.get(i)) ? recall.get(i) : 0))
                .toList();
    }

    /** By the checkpoint that each was made from; one that is not known ends the line. */
    private static List<Line> ancestors(TaskLedger task, CheckpointPublished checkpoint) {
        List<Line> line = new ArrayList<>();
        Optional<CheckpointPublished> child = Optional.of(checkpoint);
        while (child.isPresent() && line.size() < FOREBEARS) {
            CheckpointPublished known = child.get();
            if (!known.getStart().isEmpty()) {
                line.add(RunPages.checkpoint(
                        task, "weights that " + Say.digest(known.getDigest()) + " started with", known.getStart()));
            }
            child = Optional.of(known.getParent())
                    .filter(parent -> !parent.isEmpty())
                    .flatMap(task::checkpoint);
            child.ifPresent(
                    parent -> line.add(RunPages.checkpoint(task, RunId.nameOf(parent.getStage()), parent.getDigest())));
        }
        return line;
    }
}
