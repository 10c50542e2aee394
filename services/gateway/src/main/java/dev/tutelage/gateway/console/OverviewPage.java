package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.gateway.console.Flow.Station;
import dev.tutelage.gateway.console.Overview.Event;
import dev.tutelage.gateway.console.Overview.Running;
import dev.tutelage.gateway.history.History;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.gateway.history.TaskHistory;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.run.RunId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes the overview of a task. */
@ApplicationScoped
public class OverviewPage {
    private static final int SHOWN = 12;
    private static final int LATELY = 10;

    private final RunBook runs;
    private final Curves curves;
    private final History history;

    public OverviewPage(RunBook runs, Curves curves, History history) {
        this.runs = runs;
        this.curves = curves;
        this.history = history;
    }

    /** How many runs of a stage are at work, and how many wait. */
    private record Load(int running, int waiting) {
        static final Load NONE = new Load(0, 0);

        Load and(RunBook.Entry run) {
            return switch (run.state().fact().getState()) {
                case RUN_STATE_STARTED, RUN_STATE_RESUMED -> new Load(running + 1, waiting);
                case RUN_STATE_REQUESTED -> new Load(running, waiting + 1);
                default -> this;
            };
        }

        Load and(Load other) {
            return new Load(running + other.running, waiting + other.waiting);
        }

        String state() {
            return running > 0 ? "running" : waiting > 0 ? "waiting" : "idle";
        }

        String note() {
            return running > 0
                    ? running + " running" + (waiting > 0 ? ", " + waiting + " waiting" : "")
                    : waiting > 0 ? waiting + " waiting" : "idle";
        }
    }

    /** Call it while no fact is added. */
    Overview of(TaskLedger task, Frame frame) {
        Map<Stage, Load> loads = new EnumMap<>(Stage.class);
        runs.runs(task.name())
                .forEach(run -> loads.put(
                        run.state().fact().getStage(),
                        loads.getOrDefault(run.state().fact().getStage(), Load.NONE)
                                .and(run)));
        List<Station> stations = stations(task, loads);
        int waiting = loads.values().stream().mapToInt(Load::waiting).sum();
        return new Overview(
                frame,
                Frame.path(task.name()),
                facts(task),
                task.isPaused(),
                List.of(Flow.wide(stations), Flow.tall(stations)),
                Say.count(images(task.heldOut())),
                Say.count(task.checkpoints().size()),
                running(task),
                waiting == 0 ? "" : Say.count(waiting, "run"),
                missing(task),
                lately(task),
                Actions.ofTask(task));
    }

    private static String facts(TaskLedger task) {
        var image = task.declaration().getImage();
        return classes(task.declaration().getClassesCount()) + ", images of " + image.getChannels() + " × "
                + image.getHeight() + " × " + image.getWidth();
    }

    private static String classes(int number) {
        return Say.count(number) + (number == 1 ? " class" : " classes");
    }

    private List<Station> stations(TaskLedger task, Map<Stage, Load> loads) {
        String base = Frame.path(task.name());
        Load tuning = load(loads, Stage.STAGE_FINE_TUNE).and(load(loads, Stage.STAGE_SUPERVISED));
        Load distilling = load(loads, Stage.STAGE_DISTILL).and(load(loads, Stage.STAGE_SELF_DISTILL));
        return List.of(
                still("Images", images(task.unlabeled()), shards(task.unlabeled()), base + "/data"),
                stage(task, "Pretrain", Stage.STAGE_PRETRAIN, load(loads, Stage.STAGE_PRETRAIN)),
                stage(task, "Fine-tune", Stage.STAGE_FINE_TUNE, tuning),
                holder(task, "Teacher", Role.ROLE_TEACHER),
                softLabels(task, load(loads, Stage.STAGE_LABEL)),
                stage(task, "Distill", Stage.STAGE_DISTILL, distilling),
                holder(task, "Student", Role.ROLE_STUDENT),
                still("Labels", images(task.labeled()), shards(task.labeled()), base + "/data"));
    }

    private static Load load(Map<Stage, Load> loads, Stage stage) {
        return loads.getOrDefault(stage, Load.NONE);
    }

    private static Station still(String name, long count, String note, String href) {
        return new Station(name, Say.count(count), note, "idle", href);
    }

    private static Station stage(TaskLedger task, String name, Stage stage, Load load) {
        return new Station(
                name,
                Say.count(task.checkpoints(stage).size(), "model"),
                load.note(),
                load.state(),
                Frame.path(task.name()) + "/runs?stage=" + RunId.nameOf(stage));
    }

    private static Station holder(TaskLedger task, String name, Role role) {
        Optional<CheckpointPublished> holder = task.holder(role).flatMap(held -> task.checkpoint(held.getCheckpoint()));
        String base = Frame.path(task.name()) + "/models";
        return new Station(
                name,
                holder.map(OverviewPage::top1).orElse(Say.NOTHING),
                holder.map(held -> "held-out top-1").orElse("none yet"),
                "idle",
                holder.map(held -> base + "/" + held.getDigest()).orElse(base));
    }

    private static String top1(CheckpointPublished checkpoint) {
        return Say.percent(checkpoint.getMetricsOrDefault("top1", Double.NaN));
    }

    private Station softLabels(TaskLedger task, Load load) {
        String teacher =
                task.holder(Role.ROLE_TEACHER).map(Promoted::getCheckpoint).orElse("");
        long images = history.task(task.name())
                .orElseThrow()
                .labeledBy(teacher)
                .map(TaskHistory.Tally::images)
                .orElse(0L);
        return new Station(
                "Soft labels", Say.count(images), load.note(), load.state(), Frame.path(task.name()) + "/labels");
    }

    private static long images(List<ShardAdded> shards) {
        return shards.stream().mapToLong(ShardAdded::getImages).sum();
    }

    private static String shards(List<ShardAdded> shards) {
        return "in " + Say.count(shards.size(), "shard");
    }

    private List<Running> running(TaskLedger task) {
        return runs.runs(task.name()).stream()
                .filter(run -> RunRow.state(run.state().fact().getState()).equals("running"))
                .sorted(Comparator.comparing(RunBook.Entry::asked).reversed())
                .limit(SHOWN)
                .map(run -> running(task, run))
                .toList();
    }

    private Running running(TaskLedger task, RunBook.Entry run) {
        Optional<RunProgressed> progress = curves.latest(run.id()).map(Said::fact);
        return new Running(
                RunRow.of(run, ""),
                progress.map(OverviewPage::progress).orElse("no progress told yet"),
                progress.filter(told -> told.getSteps() > 0)
                        .map(told -> 100.0 * told.getStep() / told.getSteps())
                        .orElse(-1.0),
                why(task, run));
    }

    static String progress(RunProgressed told) {
        return told.getPhase() + ", step " + Say.count(told.getStep()) + " of " + Say.count(told.getSteps()) + ", loss "
                + Say.number(told.getLoss()) + ", " + Say.number(Math.rint(told.getImagesPerSecond())) + " images/s, "
                + Say.seconds(told.getSecondsLeft()) + " left";
    }

    static String why(TaskLedger task, RunBook.Entry run) {
        return task.request(run.id())
                .map(RunRequested::getReason)
                .filter(reason -> !reason.isEmpty())
                .orElseGet(() -> run.state().fact().getStage() == Stage.STAGE_LABEL
                        ? "the teacher " + Say.digest(run.state().fact().getParent()) + " is to label the shard "
                                + Say.digest(run.state().fact().getDataset())
                        : "");
    }

    private static List<String> missing(TaskLedger task) {
        List<String> missing = new ArrayList<>();
        if (task.unlabeled().isEmpty()) {
            missing.add("There are no images to learn from yet. Stream some in: tutelage ingest <images> --task "
                    + task.name());
        }
        if (task.labeled().isEmpty()) {
            missing.add("There are no labels yet: a teacher needs a few. Ingest labeled images.");
        }
        if (task.heldOut().isEmpty()) {
            missing.add("There are no held-out images yet: nothing can be evaluated, and so nothing promoted. Ingest"
                    + " some labeled images as held out.");
        }
        return missing;
    }

    private List<Event> lately(TaskLedger task) {
        return Stream.of(promotions(task), ends(task))
                .flatMap(events -> events)
                .sorted(Comparator.comparing((Said<Event> event) -> event.time())
                        .reversed())
                .limit(LATELY)
                .map(Said::fact)
                .toList();
    }

    private Stream<Said<Event>> promotions(TaskLedger task) {
        return history.task(task.name()).orElseThrow().promotions().stream()
                .map(said -> event(
                        said.time(),
                        "Checkpoint " + Say.digest(said.fact().getCheckpoint()) + " has become the "
                                + Words.role(said.fact().getRole()),
                        Frame.path(task.name()) + "/models/" + said.fact().getCheckpoint()));
    }

    private Stream<Said<Event>> ends(TaskLedger task) {
        return runs.runs(task.name()).stream()
                .filter(run -> TaskLedger.isTerminal(run.state().fact().getState()))
                // There may be thousands: only those that can be shown become text.
                .sorted(Comparator.comparing((RunBook.Entry run) -> run.state().time())
                        .reversed())
                .limit(LATELY)
                .map(run -> event(
                        run.state().time(),
                        "Run " + Say.run(run.id()) + " "
                                + Words.ended(run.state().fact().getState()),
                        Frame.path(task.name()) + "/runs/" + run.id()));
    }

    private static Said<Event> event(Instant time, String text, String href) {
        return new Said<>(new Event(Say.when(time), text, href), time);
    }
}
