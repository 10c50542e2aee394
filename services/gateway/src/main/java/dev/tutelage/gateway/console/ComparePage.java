package dev.tutelage.gateway.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.platform.ledger.TaskLedger;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes the page that compares runs. Call all methods while no fact is added. */
@ApplicationScoped
public class ComparePage {
    private static final int MOST = 4;
    private static final JsonMapper JSON = new JsonMapper();

    private final RunBook runs;
    private final Curves curves;

    public ComparePage(RunBook runs, Curves curves) {
        this.runs = runs;
        this.curves = curves;
    }

    /**
     * Runs side by side.
     *
     * @param ids of 2 to 4 runs; more are left out, and so is what is named twice
     * @throws NoSuchPage if there are fewer, or the task has no such run
     */
    Comparison of(TaskLedger task, Frame frame, List<String> ids) {
        List<RunBook.Entry> chosen = chosen(task, ids);
        String base = Frame.path(task.name());
        return new Comparison(
                frame,
                base,
                chosen.stream().map(run -> RunRow.of(run, "")).toList(),
                chosen.stream()
                        .map(run -> "run=" + Frame.segment(run.id()))
                        .collect(Collectors.joining("&", base + "/runs/compare/curves?", "")),
                rows(chosen.stream().map(run -> recipe(task, run)).toList()),
                rows(chosen.stream().map(run -> results(task, run)).toList()),
                chosen.stream().flatMap(run -> sentence(run).stream()).toList());
    }

    private List<RunBook.Entry> chosen(TaskLedger task, List<String> ids) {
        Set<String> named = new LinkedHashSet<>(ids);
        if (named.size() < 2) {
            throw new NoSuchPage("Two runs or more are compared: choose another one on the page of a run.");
        }
        return named.stream()
                .limit(MOST)
                .map(id -> runs.run(task.name(), id)
                        .orElseThrow(() -> new NoSuchPage("Task " + task.name() + " has no run " + id
                                + ". Its page of runs lists those it has.")))
                .toList();
    }

    /** Fields by their paths; a recipe that is not known has none. */
    private static NavigableMap<String, String> recipe(TaskLedger task, RunBook.Entry run) {
        NavigableMap<String, String> fields = new TreeMap<>();
        Optional<String> recipe =
                task.request(run.id()).map(RunRequested::getRecipe).filter(text -> !text.isEmpty());
        try {
            if (recipe.isPresent()) {
                flatten("", JSON.readTree(recipe.get()), fields);
            }
        } catch (JsonProcessingException e) {
            fields.put("recipe", recipe.get());
        }
        return fields;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> fields) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties()
                    .forEach(field -> flatten(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), fields));
        } else {
            fields.put(path, node.isTextual() ? node.textValue() : node.toString());
        }
    }

    private static NavigableMap<String, String> results(TaskLedger task, RunBook.Entry run) {
        NavigableMap<String, String> results = new TreeMap<>();
        results.put("state", RunRow.state(run.state().fact().getState()));
        for (CheckpointPublished made : task.checkpoints()) {
            if (made.getRunId().equals(run.id())) {
                results.put("checkpoint", Say.digest(made.getDigest()));
                results.put("took", Say.seconds(made.getSeconds()));
                made.getMetricsMap().forEach((name, value) -> results.put(name, Say.number(value)));
            }
        }
        return results;
    }

    private static List<Comparison.Row> rows(List<NavigableMap<String, String>> columns) {
        Set<String> names = new TreeSet<>();
        columns.forEach(column -> names.addAll(column.keySet()));
        return names.stream()
                .map(name -> {
                    List<String> values = columns.stream()
                            .map(column -> column.getOrDefault(name, Say.NOTHING))
                            .toList();
                    return new Comparison.Row(name, values, Set.copyOf(values).size() == 1);
                })
                .toList();
    }

    private Optional<RunView.Line> sentence(RunBook.Entry run) {
        List<Curve.Point> points = curves.points(run.id());
        if (points.isEmpty()) {
            return Optional.empty();
        }
        Curve.Point first = points.get(0);
        Curve.Point last = points.get(points.size() - 1);
        return Optional.of(RunView.Line.of(
                Say.run(run.id()),
                "loss " + Say.number(first.loss()) + " at step " + Say.count(first.step()) + ", "
                        + Say.number(last.loss()) + " at step " + Say.count(last.step())));
    }

    /**
     * The curves of runs.
     *
     * @throws NoSuchPage as {@link #of} does
     */
    Comparison.Curves curves(TaskLedger task, List<String> ids) {
        List<RunBook.Entry> chosen = chosen(task, ids);
        List<Map<Long, Curve.Point>> points = chosen.stream()
                .map(run -> curves.points(run.id()).stream().collect(Collectors.toMap(Curve.Point::step, each -> each)))
                .toList();
        List<Long> steps = points.stream()
                .flatMap(each -> each.keySet().stream())
                .distinct()
                .sorted()
                .toList();
        return new Comparison.Curves(
                chosen.stream().map(run -> Say.run(run.id())).toList(),
                steps,
                points.stream()
                        .map(each -> along(steps, each, Curve.Point::loss))
                        .toList(),
                points.stream()
                        .map(each -> along(steps, each, Curve.Point::learningRate))
                        .toList());
    }

    private static List<Optional<Double>> along(
            List<Long> steps, Map<Long, Curve.Point> points, Function<Curve.Point, Double> value) {
        return steps.stream()
                .map(step -> Optional.ofNullable(points.get(step)).map(value).filter(Double::isFinite))
                .toList();
    }
}
