package dev.tutelage.gateway.console;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a checkpoint says of held-out images.
 *
 * @param classes heads of the matrix's columns
 * @param rows of the matrix; none where it would have too many
 * @param mistakes the classes that are taken for others most often, a sentence each
 * @param bins of the reliability diagram that have images
 * @param problem why there is none of this; empty if there is, or if none is to be expected
 */
public record Evaluation(List<String> classes, List<Row> rows, List<String> mistakes, List<Bin> bins, String problem) {
    /** A matrix of more classes is not read by anybody. */
    private static final int MATRIX = 30;

    private static final int MISTAKES = 10;
    private static final int LEVELS = 5;

    /** The images of a class, by what they are taken for. */
    public record Row(String name, List<Cell> cells, String recall) {
        public Row {
            cells = List.copyOf(cells);
        }
    }

    /**
     * Images of a class that are taken for a class.
     *
     * @param level share of the class's images, from 0 to 5, for the stylesheet
     * @param right whether they are taken for what they are
     */
    public record Cell(String text, int level, boolean right) {}

    /** A bar of the reliability diagram, with the numbers of {@link HeldOutFigures.Bin}; the picture is 100 by 100. */
    public record Bin(HeldOutFigures.Bin bin) {
        public String range() {
            return Say.share(bin.from()) + " to " + Say.share(bin.to());
        }

        public String images() {
            return Say.count(bin.images());
        }

        public String confidence() {
            return Say.share(bin.confidence());
        }

        public String accuracy() {
            return Say.share(bin.accuracy());
        }

        public String x() {
            return tenths(100 * bin.from() + 0.5);
        }

        public String width() {
            return tenths(100 * (bin.to() - bin.from()) - 1);
        }

        public String y() {
            return tenths(100 - 100 * bin.accuracy());
        }

        public String height() {
            return tenths(100 * bin.accuracy());
        }

        private static String tenths(double value) {
            return Double.toString(Math.round(10 * value) / 10.0);
        }
    }

    public Evaluation {
        classes = List.copyOf(classes);
        rows = List.copyOf(rows);
        mistakes = List.copyOf(mistakes);
        bins = List.copyOf(bins);
    }

    public boolean isEmpty() {
        return bins.isEmpty();
    }

    static Evaluation none(String problem) {
        return new Evaluation(List.of(), List.of(), List.of(), List.of(), problem);
    }

    /** @param names of the classes; those that are missing go by their number */
    static Evaluation of(HeldOutFigures figures, List<String> names) {
        List<String> classes = IntStream.range(0, figures.confusion().size())
                .mapToObj(c -> c < names.size() ? names.get(c) : "class " + c)
                .toList();
        return new Evaluation(
                classes,
                classes.size() > MATRIX
                        ? List.of()
                        : IntStream.range(0, classes.size())
                                .mapToObj(c -> row(
                                        classes.get(c), c, figures.confusion().get(c)))
                                .toList(),
                mistakes(figures.confusion(), classes),
                figures.bins().stream()
                        .filter(bin -> bin.images() > 0)
                        .map(Bin::new)
                        .toList(),
                "");
    }

    private static int sum(List<Integer> counts) {
        return counts.stream().mapToInt(Integer::intValue).sum();
    }

    private static Row row(String name, int right, List<Integer> counts) {
        int all = sum(counts);
        return new Row(
                name,
                IntStream.range(0, counts.size())
                        .mapToObj(c -> new Cell(
                                Say.count(counts.get(c)),
                                counts.get(c) == 0 ? 0 : (LEVELS * counts.get(c) + all - 1) / all,
                                c == right))
                        .toList(),
                all == 0 ? "no image" : Say.share((double) counts.get(right) / all));
    }

    /** Images of a class that are taken for another. */
    private record Mistake(int label, int taken, int images, int of) {
        String sentence(List<String> classes) {
            return classes.get(label) + " is taken for " + classes.get(taken) + ": " + Say.count(images) + " of "
                    + Say.count(of);
        }
    }

    private static List<String> mistakes(List<List<Integer>> confusion, List<String> classes) {
        List<Mistake> mistakes = new ArrayList<>();
        for (int label = 0; label < confusion.size(); label++) {
            List<Integer> counts = confusion.get(label);
            for (int taken = 0; taken < counts.size(); taken++) {
                if (taken != label && counts.get(taken) > 0) {
                    mistakes.add(new Mistake(label, taken, counts.get(taken), sum(counts)));
                }
            }
        }
        return mistakes.stream()
                .sorted(Comparator.comparingInt(Mistake::images).reversed())
                .limit(MISTAKES)
                .map(mistake -> mistake.sentence(classes))
                .toList();
    }
}
