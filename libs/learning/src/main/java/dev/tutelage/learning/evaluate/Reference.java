package dev.tutelage.learning.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Forward;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a classifier knows, for comparing with what it is shown later: the features of images that it was trained on, and
 * its profile of held-out images.
 *
 * <p>The profile is not of the training images, because a classifier is surer of those than of any others: everything would
 * look like drift. For the same reason held-out images have a distance from the training images' features, and only what
 * goes beyond that distance tells of drift.
 */
public final class Reference {
    /** Images whose features are kept, at most. */
    public static final int MOST_FEATURES = 1_000;

    private static final int MOST_HELD_OUT = 5_000;

    private final float[] features;
    private final int width;
    private final Profile heldOut;
    private final double heldOutDistance;

    /**
     * @param features [N * width] in row-major order, of 2 images or more
     * @param width of a feature
     * @param heldOut the profile of held-out images, as they are
     * @param heldOutDistance of held-out images' features from {@code features}, squared; see {@link FeatureDistance}
     */
    public Reference(float[] features, int width, Profile heldOut, double heldOutDistance) {
        this.features = features;
        this.width = width;
        this.heldOut = heldOut;
        this.heldOutDistance = heldOutDistance;
    }

    /**
     * Measures a classifier, in evaluation and without augmentation.
     *
     * @param trained images that it was trained on, of which at most {@value #MOST_FEATURES} are drawn
     * @param heldOut images that it was not trained on, of which at most 5,000 are drawn
     * @return empty if there are fewer than two of either, or what it makes of them is not finite
     */
    public static Optional<Reference> of(
            Classifier classifier, Weights weights, ImageSet trained, ImageSet heldOut, Seed seed) {
        if (trained.size() < 2 || heldOut.size() < 2) {
            return Optional.empty();
        }
        Seed draw = seed.of("reference");
        int width = classifier.encoder().outputWidth();
        ImageSet known = drawn(trained, MOST_FEATURES, draw.of("trained"));
        ImageSet unknown = drawn(heldOut, MOST_HELD_OUT, draw.of("held out"));
        Profile.Tally tally = new Profile.Tally(classifier.classes());
        float[] knownFeatures = features(classifier, weights, known, new Profile.Tally(classifier.classes()));
        float[] unknownFeatures = features(classifier, weights, unknown, tally);
        float[] some = Arrays.copyOf(unknownFeatures, Math.min(MOST_FEATURES, unknown.size()) * width);
        double distance = new FeatureDistance(knownFeatures, width).squaredTo(some);
        return Double.isFinite(distance)
                ? Optional.of(new Reference(knownFeatures, width, tally.profile(), distance))
                : Optional.empty();
    }

    private static ImageSet drawn(ImageSet images, int most, Seed seed) {
        return images.size() <= most ? images : images.subset(Arrays.copyOf(seed.permutation(images.size()), most));
    }

    private static float[] features(Classifier classifier, Weights weights, ImageSet images, Profile.Tally tally) {
        int width = classifier.encoder().outputWidth();
        Forward forward = new Forward(weights, Mode.EVALUATION);
        float[] all = new float[Math.multiplyExact(images.size(), width)];
        for (int[] batch : Batches.of(images.size())) {
            try (NDManager scope = weights.newScope()) {
                NDArray features = classifier.encoder().features(forward, images.batch(scope, batch));
                float[] logits = classifier.logitsOfFeatures(forward, features).toFloatArray();
                for (int i = 0; i < batch.length; i++) {
                    tally.add(Profile.softmax(logits, i * classifier.classes(), classifier.classes()));
                }
                System.arraycopy(features.toFloatArray(), 0, all, batch[0] * width, batch.length * width);
            }
        }
        return all;
    }

    /** The features of images that it was trained on: [N * width] in row-major order; not a copy. */
    public float[] features() {
        return features;
    }

    /** The width of a feature. */
    public int width() {
        return width;
    }

    /** The profile of held-out images. */
    public Profile heldOut() {
        return heldOut;
    }

    /** The squared distance of held-out images' features from {@link #features}. */
    public double heldOutDistance() {
        return heldOutDistance;
    }
}
