package dev.tutelage.learning.label;

import dev.tutelage.learning.random.Seed;
import java.util.BitSet;

/**
 * The features of a few images, drawn at random, as a teacher tells them while it labels all: of the first view of each.
 * A sample is enough to tell how far a shard lies from what the teacher knows, and costs the same for a shard of any size.
 */
public final class FeatureSample {
    /** Images of a sample, at most. */
    public static final int MOST = 64;

    private final BitSet chosen = new BitSet();
    private float[] features = new float[0];
    private int images;

    /**
     * @param images that are labeled
     * @param seed of the draw
     */
    public FeatureSample(int images, Seed seed) {
        int[] order = seed.permutation(images);
        for (int i = 0; i < Math.min(MOST, images); i++) {
            chosen.set(order[i]);
        }
    }

    /** Takes of a batch, whose first image has the number {@code first}, the features of those that were drawn. */
    void add(int first, int count, Answer answer) {
        if (!answer.hasFeatures()) {
            return;
        }
        for (int image = chosen.nextSetBit(first); image >= 0 && image < first + count; ) {
            append(answer.features(image - first));
            image = chosen.nextSetBit(image + 1);
        }
    }

    private void append(float[] one) {
        if (features.length == 0) {
            features = new float[chosen.cardinality() * one.length];
        }
        System.arraycopy(one, 0, features, images * one.length, one.length);
        images++;
    }

    /** How many images there are; none where the teacher tells no features. */
    public int images() {
        return images;
    }

    /** [images * width] in row-major order; not a copy. */
    public float[] features() {
        return features;
    }
}
