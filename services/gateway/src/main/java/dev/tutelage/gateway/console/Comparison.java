package dev.tutelage.gateway.console;

import java.util.List;
import java.util.Optional;

/**
 * Runs side by side.
 *
 * @param runs in the order of the columns
 * @param curves where the curves' points are
 * @param recipe fields of the recipes
 * @param results what came of the runs
 * @param sentences how the curves went, a sentence for each run that told of it
 */
public record Comparison(
        Frame frame,
        String base,
        List<RunRow> runs,
        String curves,
        List<Row> recipe,
        List<Row> results,
        List<RunView.Line> sentences) {

    /**
     * A value of each run.
     *
     * @param same whether all have the same
     */
    public record Row(String name, List<String> values, boolean same) {
        public Row {
            values = List.copyOf(values);
        }
    }

    /** Curves of runs over the steps that any of them told of; a run that told nothing of a step has nothing there. */
    public record Curves(
            List<String> runs, List<Long> steps, List<List<Optional<Double>>> loss, List<List<Optional<Double>>> rate) {
        public Curves {
            runs = List.copyOf(runs);
            steps = List.copyOf(steps);
            loss = List.copyOf(loss);
            rate = List.copyOf(rate);
        }
    }

    public Comparison {
        runs = List.copyOf(runs);
        recipe = List.copyOf(recipe);
        results = List.copyOf(results);
        sentences = List.copyOf(sentences);
    }

    /** How many fields of the recipes differ, in words. */
    public String differences() {
        long different = recipe.stream().filter(row -> !row.same()).count();
        return different == 0
                ? "The recipes are the same."
                : Say.count(different, "field") + " of the recipes differ" + (different == 1 ? "s." : ".");
    }
}
