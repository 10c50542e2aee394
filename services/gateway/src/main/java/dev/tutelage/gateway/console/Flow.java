package dev.tutelage.gateway.console;

import java.util.ArrayList;
import java.util.List;

/**
 * The way from images to the student, as a picture.
 *
 * @param kind for the stylesheet, which shows the one that fits: {@code wide} or {@code tall}
 * @param paths of the arrows
 */
public record Flow(
        String kind, int width, int height, int boxWidth, int boxHeight, List<Box> boxes, List<String> paths) {

    /** The order in which {@link #wide} and {@link #tall} want the boxes; the last feeds the third. */
    static final List<String> ORDER =
            List.of("images", "pretrain", "fine-tune", "teacher", "soft labels", "distill", "student", "labels");

    private static final int LABELS = 7;
    private static final int MAIN = 7;
    private static final int TEXT = 12;

    /**
     * A station of the way.
     *
     * @param value what there is of it
     * @param note what is going on there
     * @param state for the stylesheet: {@code idle}, {@code waiting} or {@code running}; the note says the same
     */
    public record Station(String name, String value, String note, String state, String href) {}

    /** Where a station is. */
    public record Box(Station station, int x, int y) {
        public int textX() {
            return x + TEXT;
        }

        public int nameY() {
            return y + 20;
        }

        public int valueY() {
            return y + 46;
        }

        public int noteY() {
            return y + 66;
        }
    }

    public Flow {
        boxes = List.copyOf(boxes);
        paths = List.copyOf(paths);
    }

    /** From left to right. */
    static Flow wide(List<Station> stations) {
        int boxWidth = 136;
        int boxHeight = 78;
        int step = 160;
        int top = 40;
        List<Box> boxes = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < MAIN; i++) {
            boxes.add(new Box(stations.get(i), 1 + i * step, top));
            if (i > 0) {
                paths.add("M" + (i * step - step + boxWidth + 1) + " " + (top + boxHeight / 2) + "H" + (i * step - 4));
            }
        }
        int below = top + boxHeight + 36;
        boxes.add(new Box(stations.get(LABELS), 1, below));
        paths.add("M" + (boxWidth + 1) + " " + (below + boxHeight / 2) + "H" + (2 * step + boxWidth / 2) + "V"
                + (top + boxHeight + 5));
        // Images go to the teacher, too, who labels them.
        paths.add("M" + boxWidth / 2 + " " + top + "V12H" + (4 * step + boxWidth / 2) + "V" + (top - 5));
        return new Flow("wide", 6 * step + boxWidth + 2, below + boxHeight + 2, boxWidth, boxHeight, boxes, paths);
    }

    /** From top to bottom. */
    static Flow tall(List<Station> stations) {
        int boxWidth = 144;
        int boxHeight = 78;
        int step = 104;
        int left = 20;
        List<Box> boxes = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < MAIN; i++) {
            boxes.add(new Box(stations.get(i), left, 1 + i * step));
            if (i > 0) {
                paths.add("M" + (left + boxWidth / 2) + " " + ((i - 1) * step + boxHeight + 1) + "V" + (i * step - 4));
            }
        }
        int beside = left + boxWidth + 16;
        boxes.add(new Box(stations.get(LABELS), beside, 1 + step));
        paths.add("M" + (beside + boxWidth / 2) + " " + (step + boxHeight + 1) + "V" + (2 * step + boxHeight / 2) + "H"
                + (left + boxWidth + 5));
        paths.add("M" + left + " " + boxHeight / 2 + "H6V" + (4 * step + boxHeight / 2) + "H" + (left - 5));
        return new Flow("tall", beside + boxWidth + 1, 6 * step + boxHeight + 2, boxWidth, boxHeight, boxes, paths);
    }
}
