package dev.tutelage.gateway.console;

import java.util.List;

/**
 * What a checkpoint was made from and what was made from it, as a picture and in words.
 *
 * @param digest of the checkpoint
 * @param paths of the lines
 * @param sentences the same as the picture, a sentence for each line
 * @param complete whether nothing is left out
 */
public record Tree(
        Frame frame,
        String base,
        String digest,
        int width,
        int height,
        List<Box> boxes,
        List<String> paths,
        List<String> sentences,
        boolean complete) {
    static final int BOX_WIDTH = 184;
    static final int BOX_HEIGHT = 66;

    /**
     * Something that was made, or that something was made from.
     *
     * @param href where its page is; empty if it has none
     * @param here whether it is the checkpoint that is looked at
     */
    public record Box(String kind, String name, String note, String href, boolean here, int x, int y) {
        private static final int TEXT = 10;

        public int textX() {
            return x + TEXT;
        }

        public int kindY() {
            return y + 18;
        }

        public int nameY() {
            return y + 38;
        }

        public int noteY() {
            return y + 56;
        }

        public boolean isLink() {
            return !href.isEmpty();
        }
    }

    public Tree {
        boxes = List.copyOf(boxes);
        paths = List.copyOf(paths);
        sentences = List.copyOf(sentences);
    }

    public int boxWidth() {
        return BOX_WIDTH;
    }

    public int boxHeight() {
        return BOX_HEIGHT;
    }
}
