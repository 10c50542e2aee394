package dev.tutelage.cli.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What several seeds of a study have measured, as a Markdown table. */
record StudyTable(String study, Map<String, Map<String, List<Double>>> cells) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> ACCURACIES = List.of("top1", "linear", "knn");

    /** Reads the cells that the seeds 1 to {@code seeds} have written. */
    static StudyTable read(Path work, String study, int seeds) throws IOException {
        Map<String, Map<String, List<Double>>> cells = new LinkedHashMap<>();
        for (int seed = 1; seed <= seeds; seed++) {
            Path file = work.resolve(study + "-" + seed).resolve("cells.jsonl");
            for (String line : Files.readAllLines(file)) {
                JsonNode cell = JSON.readTree(line);
                Map<String, List<Double>> metrics =
                        cells.computeIfAbsent(cell.get("cell").asText(), none -> new LinkedHashMap<>());
                for (String accuracy : ACCURACIES) {
                    if (cell.get("metrics").has(accuracy)) {
                        metrics.computeIfAbsent(accuracy, none -> new ArrayList<>())
                                .add(cell.get("metrics").get(accuracy).asDouble());
                    }
                }
            }
        }
        return new StudyTable(study, cells);
    }

    /** The table's lines: means and standard deviations over seeds, in percent, and each seed's value. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("| " + study + " | metric | mean ± deviation | seeds |");
        lines.add("|---|---|---|---|");
        cells.forEach((cell, metrics) -> metrics.forEach((metric, values) -> lines.add(String.format(
                Locale.ROOT,
                "| %s | %s | %.2f ± %.2f | %s |",
                cell,
                metric,
                mean(values),
                deviation(values),
                values.stream()
                        .map(value -> String.format(Locale.ROOT, "%.2f", value))
                        .collect(Collectors.joining(", "))))));
        return lines;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(value -> value).average().orElseThrow();
    }

    /** Of the sample; 0 for a single value. */
    private static double deviation(List<Double> values) {
        double mean = mean(values);
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        return values.size() < 2 ? 0 : Math.sqrt(squares / (values.size() - 1));
    }
}
