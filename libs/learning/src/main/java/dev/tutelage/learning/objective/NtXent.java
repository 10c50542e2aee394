package dev.tutelage.learning.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * The normalised temperature-scaled cross-entropy of SimCLR (arXiv 2002.05709, equation 1): each of the 2N views must
 * tell the other view of its image from the 2N - 2 views of other images, by cosine similarity.
 *
 * <p>As in the authors' code the loss is the mean over the N images of both directions together, which is twice the mean
 * over the 2N views.
 *
 * @param temperature more than 0; the smaller, the more the hardest negatives count
 */
public record NtXent(double temperature) {

    /** Added to a view's similarity to itself, so that softmax gives it no weight. */
    private static final double MASKED = -1e9;

    private static final double TINY_NORM = 1e-12;

    /** @throws IllegalArgumentException if the temperature is not a positive number */
    public NtXent {
        if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("temperature must be more than 0, not " + temperature);
        }
    }

    /**
     * The loss of a batch, a scalar.
     *
     * @param projections [2N, D], not normalised: the first views of N images and then, in the same order, the second
     *     views
     */
    public NDArray loss(NDArray projections) {
        int views = (int) projections.getShape().get(0);
        NDManager scope = projections.getManager();
        NDArray z = projections.normalize(2, 1, TINY_NORM);
        NDArray self = scope.eye(views, views, 0, projections.getDataType());
        NDArray similarities = z.matMul(z.transpose()).div(Constant.of(temperature, z));
        NDArray logits = similarities.add(self.mul(Constant.of(MASKED, z)));
        NDArray positives = scope.create(otherViews(views), new Shape(views, 1));
        return logits.logSoftmax(1).gather(positives, 1).sum().div(Constant.of(-views / 2.0, z));
    }

    private static long[] otherViews(int views) {
        long[] others = new long[views];
        for (int i = 0; i < views; i++) {
            others[i] = ((long) i + views / 2) % views;
        }
        return others;
    }
}
