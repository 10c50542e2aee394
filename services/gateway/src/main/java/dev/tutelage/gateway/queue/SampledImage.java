package dev.tutelage.gateway.queue;

import java.util.stream.IntStream;
import org.hipparchus.clustering.Clusterable;

/**
 * An image, as a point: the square roots of its probabilities. The Euclidean distance of two such points is the Hellinger distance of
 * what the teacher says of them, times the square root of 2: 0 where that is the same, the greatest where no class is likely for both.
 */
final class SampledImage implements Clusterable {
    private final Candidate image;
    private final float[] roots;

    /** @param probabilities of the classes */
    SampledImage(Candidate image, double[] probabilities) {
        this.image = image;
        this.roots = new float[probabilities.length];
        for (int c = 0; c < roots.length; c++) {
            roots[c] = (float) Math.sqrt(probabilities[c]);
        }
    }

    Candidate image() {
        return image;
    }

    @Override
    public double[] getPoint() {
        return IntStream.range(0, roots.length).mapToDouble(c -> roots[c]).toArray();
    }
}
