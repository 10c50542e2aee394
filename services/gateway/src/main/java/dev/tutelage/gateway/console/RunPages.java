package dev.tutelage.gateway.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.gateway.console.RunList.Choice;
import dev.tutelage.gateway.console.RunView.Grounds;
import dev.tutelage.gateway.console.RunView.Line;
import dev.tutelage.gateway.history.History;
import dev.tutelage.gateway.history.RunEntry;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.gateway.history.TaskHistory;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.run.RunId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the pages about runs. */
@ApplicationScoped
public class RunPages {
    private static final List<String> STATES = List.of("waiting", "running", "succeeded", "failed", "cancelled");
    private static final int READ_OUT = 20;
    private static final int COMPARED = 50;
    private static final JsonMapper JSON = new JsonMapper();

    private final RunBook runs;
    private final Curves curves;
    private final History history;
    private final ConsoleSettings settings;

    public RunPages(RunBook runs, Curves curves, History history, ConsoleSettings settings) {
        this.runs = runs;
        this.curves = curves;
        this.history = history;
        this.settings = settings;
    }

    /**
     * A page of the runs of a task, the newest first. Call it while no fact is added.
     *
     * @param stage in words; empty for all
     * @param state in words; empty for all
     */
    RunList list(TaskLedger task, Frame frame, String stage, String state, int page) {
        List<RunBook.Entry> chosen = runs.runs(task.name()).stream()
                .filter(run -> stage.isEmpty()
                        || RunId.nameOf(run.state().fact().getStage()).equals(stage))
                .filter(run -> state.isEmpty()
                        || RunRow.state(run.state().fact().getState()).equals(state))
                .sorted(Comparator.comparing(RunBook.Entry::asked).reversed())
                .toList();
        String base = Frame.path(task.name());
        String query = "?stage=" + known(stage, stages()) + "&state=" + known(state, STATES) + "&page=";
        Pager.Page<RunBook.Entry> cut = Pager.cut(chosen, page, settings.pageSize(), base + "/runs" + query);
        Map<String, String> results = results(task);
        return new RunList(
                frame,
                base,
                base + "/runs/live" + query + page,
                choices("all stages", stages(), stage),
                choices("all states", STATES, state),
                cut.rows().stream()
                        .map(run -> RunRow.of(run, result(run, results)))
                        .toList(),
                cut.pager());
    }

    private static List<String> stages() {
        return Stream.of(Stage.values())
                .filter(stage -> stage != Stage.STAGE_UNSPECIFIED && stage != Stage.UNRECOGNIZED)
                .map(RunId::nameOf)
                .toList();
    }

    /** Nothing that a reader has typed in goes into a link. */
    private static String known(String value, List<String> values) {
        return values.contains(value) ? value : "";
    }

    private static List<Choice> choices(String all, List<String> values, String chosen) {
        List<Choice> choices = new ArrayList<>();
        choices.add(new Choice("", all, chosen.isEmpty()));
        values.forEach(value -> choices.add(new Choice(value, value, value.equals(chosen))));
        return choices;
    }

    /** What came of runs that made a checkpoint, by id. */
    private static Map<String, String> results(TaskLedger task) {
        return task.checkpoints().stream()
                .filter(checkpoint -> checkpoint.containsMetrics("top1"))
                .collect(Collectors.toMap(
                        checkpoint -> checkpoint.getRunId(),
                        checkpoint -> "top-1 " + Say.percent(checkpoint.getMetricsOrThrow("top1")),
                        (one, other) -> one));
    }

    private String result(RunBook.Entry run, Map<String, String> results) {
        String state = RunRow.state(run.state().fact().getState());
        if (state.equals("running")) {
            return curves.latest(run.id())
                    .map(told -> "step " + Say.count(told.fact().getStep()) + " of "
                            + Say.count(told.fact().getSteps()) + ", loss "
                            + Say.number(told.fact().getLoss()))
                    .orElse("");
        }
        return state.equals("succeeded")
                ? results.getOrDefault(run.id(), "")
                : run.state().fact().getMessage().lines().findFirst().orElse("");
    }

    /**
     * A run. Call it while no fact is added.
     *
     * @throws NoSuchPage if there is none with that id
     */
    RunView detail(TaskLedger task, Frame frame, String id) {
        RunBook.Entry run = runs.run(task.name(), id)
                .orElseThrow(() -> new NoSuchPage("Task " + task.name() + " has no run " + id
                        + ". Its page of runs lists those it has; a run is here as soon as it was asked for."));
        Optional<RunRequested> request = task.request(id);
        Optional<RunProgressed> told = curves.latest(id).map(Said::fact);
        RunChanged state = run.state().fact();
        TaskHistory past = history.task(task.name()).orElseThrow();
        return new RunView(
                frame,
                Frame.path(task.name()),
                id,
                RunRow.of(run, ""),
                state.getMessage(),
                ending(past, id),
                past.runs().get(id).map(known -> Actions.ofRun(task, known)).orElse(List.of()),
                OverviewPage.why(task, run),
                request.map(RunPages::evidence).orElse(List.of()),
                from(task, state, request),
                request.map(RunRequested::getRecipe).map(RunPages::indented).orElse(""),
                others(task, run),
                told.map(RunPages::now).orElse(List.of()),
                told.filter(progress -> progress.getSteps() > 0)
                        .map(progress -> 100.0 * progress.getStep() / progress.getSteps())
                        .orElse(-1.0),
                told.map(progress -> metrics(progress.getMetricsMap())).orElse(List.of()),
                made(task, id),
                run.history().stream().map(RunPages::state).toList(),
                curve(id));
    }

    private static String ending(TaskHistory past, String id) {
        return past.runs()
                .get(id)
                .filter(RunEntry::isOpen)
                .flatMap(run -> past.cancellations(id).stream()
                        .map(Said::fact)
                        .filter(asked -> asked.getRetry() == run.retry())
                        .findFirst())
                .map(asked -> "It is asked to end by " + asked.getBy()
                        + (asked.getReason().isEmpty() ? "" : ", because: " + asked.getReason())
                        + ". The worker that has it ends it.")
                .orElse("");
    }

    /** The newest of the same stage. */
    private List<Line> others(TaskLedger task, RunBook.Entry run) {
        return runs.runs(task.name()).stream()
                .filter(each ->
                        each.state().fact().getStage() == run.state().fact().getStage()
                                && !each.id().equals(run.id()))
                .sorted(Comparator.comparing(RunBook.Entry::asked).reversed())
                .limit(COMPARED)
                .map(each -> Line.of(
                        Say.run(each.id()) + ", "
                                + RunRow.state(each.state().fact().getState()),
                        each.id()))
                .toList();
    }

    private static List<Grounds> evidence(RunRequested request) {
        return request.getEvidenceList().stream()
                .map(each -> new Grounds(
                        each.getWhat(), each.getTopic().isEmpty() ? "" : each.getTopic() + ", key " + each.getKey()))
                .toList();
    }

    private static List<Line> from(TaskLedger task, RunChanged state, Optional<RunRequested> request) {
        List<Line> lines = new ArrayList<>();
        if (!state.getParent().isEmpty()) {
            lines.add(checkpoint(task, "Parent checkpoint", state.getParent()));
        }
        request.map(RunRequested::getStart)
                .filter(start -> !start.isEmpty())
                .ifPresent(start -> lines.add(checkpoint(task, "Starts with the weights of", start)));
        if (state.getStage() == Stage.STAGE_LABEL) {
            lines.add(new Line(
                    "Shard",
                    Say.digest(state.getDataset()),
                    Frame.path(task.name()) + "/labels/" + state.getDataset() + "?teacher=" + state.getParent()));
        } else if (!state.getDataset().isEmpty()) {
            lines.add(Line.of("Dataset", Say.digest(state.getDataset())));
        }
        request.filter(asked -> asked.getNumber() > 0)
                .ifPresent(asked -> lines.add(Line.of("Number among the stage's runs", Say.count(asked.getNumber()))));
        return lines;
    }

    static Line checkpoint(TaskLedger task, String name, String digest) {
        return new Line(
                name,
                Say.digest(digest),
                task.checkpoint(digest)
                        .map(known -> Frame.path(task.name()) + "/models/" + digest)
                        .orElse(""));
    }

    private static List<Line> now(RunProgressed told) {
        return List.of(
                Line.of("Phase", told.getPhase()),
                Line.of("Step", Say.count(told.getStep()) + " of " + Say.count(told.getSteps())),
                Line.of("Epoch", Say.count(told.getEpoch()) + " of " + Say.count(told.getEpochs())),
                Line.of("Loss", Say.number(told.getLoss())),
                Line.of("Learning rate", Say.number(told.getLearningRate())),
                Line.of("Speed", Say.number(Math.rint(told.getImagesPerSecond())) + " images/s"),
                Line.of("Time left", Say.seconds(told.getSecondsLeft())));
    }

    static List<Line> metrics(Map<String, Double> metrics) {
        return metrics.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(metric -> Line.of(metric.getKey(), Say.number(metric.getValue())))
                .toList();
    }

    private static List<Line> made(TaskLedger task, String run) {
        return task.checkpoints().stream()
                .filter(checkpoint -> checkpoint.getRunId().equals(run))
                .map(made -> new Line(
                        RunId.nameOf(made.getStage()),
                        Say.digest(made.getDigest())
                                + (made.containsMetrics("top1")
                                        ? ", held-out top-1 " + Say.percent(made.getMetricsOrThrow("top1"))
                                        : ""),
                        Frame.path(task.name()) + "/models/" + made.getDigest()))
                .toList();
    }

    private static RunView.State state(Said<RunChanged> said) {
        return new RunView.State(
                RunId.nameOf(said.fact().getState()),
                Say.when(said.time()),
                said.fact().getAttempt(),
                said.fact().getWorker(),
                said.fact().getMessage());
    }

    private RunView.CurveText curve(String id) {
        List<Curve.Point> points = curves.points(id);
        if (points.isEmpty()) {
            return new RunView.CurveText("", List.of());
        }
        Curve.Point first = points.get(0);
        Curve.Point last = points.get(points.size() - 1);
        int every = Math.max(1, points.size() / READ_OUT);
        List<RunView.Point> some = new ArrayList<>();
        for (int i = 0; i < points.size(); i += every) {
            some.add(point(points.get(i)));
        }
        return new RunView.CurveText(
                "The loss was " + Say.number(first.loss()) + " at step " + Say.count(first.step()) + " and is "
                        + Say.number(last.loss()) + " at step " + Say.count(last.step()) + ".",
                some);
    }

    private static RunView.Point point(Curve.Point point) {
        return new RunView.Point(Say.count(point.step()), Say.number(point.loss()), Say.number(point.learningRate()));
    }

    /** JSON for people; what is none is shown as it is. */
    static String indented(String json) {
        try {
            return json.isEmpty() ? "" : JSON.writerWithDefaultPrettyPrinter().writeValueAsString(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            return json;
        }
    }
}
