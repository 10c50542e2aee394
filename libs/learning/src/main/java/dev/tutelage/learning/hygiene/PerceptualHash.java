package dev.tutelage.learning.hygiene;

import java.util.Arrays;

/**
 * A hash of 64 bits that stays nearly the same when an image is saved again, scaled, or made a little brighter (the DCT hash
 * of Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010): bit 8u + v tells whether the
 * coefficient of the vertical frequency u + 1 and the horizontal frequency v + 1 of the image's discrete cosine transform
 * is above the median of all 64. Unlike there, the image is transformed as it is, not smoothed and scaled to 32 x 32 first:
 * frequencies so low do not see the difference.
 *
 * <p>Small grey images of alike things collide easily, so equal hashes alone do not tell that images are the same.
 */
public final class PerceptualHash {
    private static final int FREQUENCIES = 8;

    /** Coefficients are rounded to 1/1024 of a grey level, so that rounding errors are no bits. */
    private static final int STEPS = 1024;

    private final int height;
    private final int width;
    private final float[][] vertical;
    private final float[][] horizontal;

    /** The hash of images of a size. */
    PerceptualHash(int height, int width) {
        this.height = height;
        this.width = width;
        this.vertical = cosines(height);
        this.horizontal = cosines(width);
    }

    /** In how many bits two hashes differ, 0..64. */
    public static int distance(long first, long second) {
        return Long.bitCount(first ^ second);
    }

    /**
     * The hash of an image.
     *
     * @param grey [H, W]
     */
    long of(float[] grey) {
        long[] coefficients = transform(grey);
        long[] sorted = coefficients.clone();
        Arrays.sort(sorted);
        long twiceMedian = sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2];
        long hash = 0;
        for (int i = 0; i < coefficients.length; i++) {
            hash |= 2 * coefficients[i] > twiceMedian ? 1L << i : 0;
        }
        return hash;
    }

    /** Columns first, row by row, so that the inner loop runs along memory. */
    private long[] transform(float[] grey) {
        long[] coefficients = new long[FREQUENCIES * FREQUENCIES];
        float[] columns = new float[width];
        double scale = (double) STEPS / (height * width);
        for (int u = 0; u < FREQUENCIES; u++) {
            Arrays.fill(columns, 0);
            for (int y = 0; y < height; y++) {
                float cosine = vertical[u][y];
                for (int x = 0; x < width; x++) {
                    columns[x] += cosine * grey[y * width + x];
                }
            }
            for (int v = 0; v < FREQUENCIES; v++) {
                float sum = 0;
                for (int x = 0; x < width; x++) {
                    sum += horizontal[v][x] * columns[x];
                }
                coefficients[u * FREQUENCIES + v] = Math.round(sum * scale);
            }
        }
        return coefficients;
    }

    /** Frequencies that a side is too short for stay 0. */
    private static float[][] cosines(int size) {
        float[][] cosines = new float[FREQUENCIES][size];
        for (int frequency = 1; frequency <= Math.min(FREQUENCIES, size - 1); frequency++) {
            for (int i = 0; i < size; i++) {
                cosines[frequency - 1][i] = (float) Math.cos(Math.PI * frequency * (2 * i + 1) / (2.0 * size));
            }
        }
        return cosines;
    }
}
