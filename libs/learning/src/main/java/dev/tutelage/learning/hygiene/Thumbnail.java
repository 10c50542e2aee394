package dev.tutelage.learning.hygiene;

/** Grey pictures of 16 x 16, to look again at two images whose hashes are alike. */
final class Thumbnail {
    private static final int SIDE = 16;

    private final int height;
    private final int width;
    private final float[][] rows;
    private final float[][] columns;

    /** Thumbnails of images of a size. */
    Thumbnail(int height, int width) {
        this.height = height;
        this.width = width;
        this.rows = shares(height);
        this.columns = shares(width);
    }

    /**
     * The thumbnail of an image: each of its pixels is the mean of the area that it stands for.
     *
     * @param grey [H, W], 0 to 255
     * @return uint8 [16, 16]
     */
    byte[] of(float[] grey) {
        byte[] thumbnail = new byte[SIDE * SIDE];
        for (int i = 0; i < SIDE; i++) {
            float[] row = new float[width];
            for (int y = 0; y < height; y++) {
                float share = rows[i][y];
                for (int x = 0; share > 0 && x < width; x++) {
                    row[x] += share * grey[y * width + x];
                }
            }
            for (int j = 0; j < SIDE; j++) {
                float mean = 0;
                for (int x = 0; x < width; x++) {
                    mean += columns[j][x] * row[x];
                }
                thumbnail[i * SIDE + j] = (byte) Math.round(mean);
            }
        }
        return thumbnail;
    }

    /** How much two thumbnails differ: root mean square in grey levels, 0 to 255. */
    static double difference(byte[] first, byte[] second) {
        long squares = 0;
        for (int i = 0; i < first.length; i++) {
            int difference = (first[i] & 0xff) - (second[i] & 0xff);
            squares += (long) difference * difference;
        }
        return Math.sqrt((double) squares / first.length);
    }

    /** [16, size]: how much each of an image's lines is of each of the thumbnail's; a thumbnail's line sums to 1. */
    private static float[][] shares(int size) {
        float[][] shares = new float[SIDE][size];
        double step = (double) size / SIDE;
        for (int i = 0; i < SIDE; i++) {
            for (int line = 0; line < size; line++) {
                double covered = Math.min(line + 1, (i + 1) * step) - Math.max(line, i * step);
                shares[i][line] = (float) (Math.max(0, covered) / step);
            }
        }
        return shares;
    }
}
