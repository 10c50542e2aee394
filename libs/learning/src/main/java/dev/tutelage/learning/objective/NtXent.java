package dev.tutelage.learning.objective;

import ai.djl.ndarray.NDArray;
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
        NDArray z = normalized(projections);
        return crossEntropy(withoutSelf(similarities(z, z)));
    }

    /**
     * The loss of a batch with memory (arXiv 2006.10029, section 2): each view must tell the other view of its image, as
     * the momentum network sees it, from what that network makes of the batch's other images and made of past ones.
     *
     * @param projections [2N, D], not normalised, in the order of {@link #loss(NDArray)}
     * @param keys [2N, D]: the momentum network's projections of the same views, {@link #normalized}, without gradient
     * @param queue [M, D]: such keys of past batches, without gradient
     */
    public NDArray loss(NDArray projections, NDArray keys, NDArray queue) {
        NDArray z = normalized(projections);
        NDArray batch = withoutSelf(similarities(z, keys));
        return crossEntropy(batch.concat(similarities(z, queue), 1));
    }

    /** The loss with memory as long as nothing is queued; see {@link #loss(NDArray, NDArray, NDArray)}. */
    public NDArray loss(NDArray projections, NDArray keys) {
        return crossEntropy(withoutSelf(similarities(normalized(projections), keys)));
    }

    /** Rows of length 1. */
    public static NDArray normalized(NDArray projections) {
        return projections.normalize(2, 1, TINY_NORM);
    }

    private NDArray similarities(NDArray z, NDArray others) {
        return z.matMul(others.transpose()).div(Constant.of(temperature, z));
    }

    private static NDArray withoutSelf(NDArray similarities) {
        long views = similarities.getShape().get(0);
        NDArray self = similarities.getManager().eye((int) views, (int) views, 0, similarities.getDataType());
        return similarities.add(self.mul(Constant.of(MASKED, similarities)));
    }

    /** Of [2N, 2N + M] logits, where a row's positive is the other view of its image. */
    private static NDArray crossEntropy(NDArray logits) {
        int views = (int) logits.getShape().get(0);
        NDArray positives = logits.getManager().create(otherViews(views), new Shape(views, 1));
        return logits.logSoftmax(1).gather(positives, 1).sum().div(Constant.of(-views / 2.0, logits));
    }

    private static long[] otherViews(int views) {
        long[] others = new long[views];
        for (int i = 0; i < views; i++) {
            others[i] = ((long) i + views / 2) % views;
        }
        return others;
    }
}
