package dev.tutelage.gateway.console;

import java.util.List;

/**
 * The soft labels of a shard by a teacher, each beside its image.
 *
 * @param leastFirst whether those come first of which the teacher is least sure
 * @param others where the soft labels of this shard by each teacher are
 * @param problem why the labels or their images cannot be shown; empty if they can
 */
public record LabelView(
        Frame frame,
        String base,
        String shard,
        RunView.Line teacher,
        String outcome,
        boolean leastFirst,
        String leastHref,
        String mostHref,
        List<RunView.Line> others,
        List<Labelled> rows,
        Pager pager,
        String problem) {

    /**
     * An image and its label.
     *
     * @param picture where the image is; empty if it is not among those that are shown
     * @param bars the likeliest classes
     */
    public record Labelled(String name, String picture, String says, List<ModelView.Bar> bars) {
        public Labelled {
            bars = List.copyOf(bars);
        }

        public boolean hasPicture() {
            return !picture.isEmpty();
        }
    }

    public LabelView {
        others = List.copyOf(others);
        rows = List.copyOf(rows);
    }
}
