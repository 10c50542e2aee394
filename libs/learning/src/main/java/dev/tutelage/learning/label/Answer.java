package dev.tutelage.learning.label;

import java.util.Arrays;

/** What a teacher says about some images. */
public final class Answer {
    private final float[] logits;
    private final float[] features;
    private final int width;

    /**
     * @param logits [N * classes] in row-major order
     * @param features [N * width] in row-major order
     * @param width of the features, 0 where the teacher does not tell them
     */
    Answer(float[] logits, float[] features, int width) {
        this.logits = logits;
        this.features = features;
        this.width = width;
    }

    /**
     * The answer of one that tells no features.
     *
     * @param logits [N * classes] in row-major order
     */
    public static Answer ofLogits(float[] logits) {
        return new Answer(logits, new float[0], 0);
    }

    /** [N * classes] in row-major order; not a copy. */
    public float[] logits() {
        return logits;
    }

    /** Whether the teacher tells features. */
    public boolean hasFeatures() {
        return width > 0;
    }

    /** The features of one image: [width]; a copy. */
    public float[] features(int image) {
        return Arrays.copyOfRange(features, image * width, (image + 1) * width);
    }

    /** All features in row-major order; not a copy. */
    float[] features() {
        return features;
    }
}
