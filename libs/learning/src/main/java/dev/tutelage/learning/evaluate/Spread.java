package dev.tutelage.learning.evaluate;

import ai.djl.ndarray.NDArray;
import dev.tutelage.learning.objective.NtXent;

/**
 * How projections lie on the sphere. A network that has collapsed sends every image to one place: its deviation is near 0,
 * its uniformity near 0, and its alignment perfect for nothing.
 *
 * @param deviation the mean standard deviation of a coordinate, times the root of their number: 1 if projections lie all
 *     over the sphere, 0 if they lie in one place
 * @param alignment the mean squared distance of the two views of an image, 0..4 (Wang and Isola, arXiv 2005.10242)
 * @param uniformity the logarithm of the mean of {@code exp(-2 d^2)} over the distances d of all pairs of different images,
 *     -8..0; the less the better spread (Wang and Isola)
 */
public record Spread(double deviation, double alignment, double uniformity) {

    private static final double COLLAPSED = 0.1;

    /**
     * The spread of projections.
     *
     * @param projections [2N, D], of any length: the first views of N images, 2 or more, then, in the same order, the
     *     second views
     */
    public static Spread of(NDArray projections) {
        NDArray z = NtXent.normalized(projections);
        long count = z.getShape().get(0) / 2;
        long width = z.getShape().get(1);
        NDArray first = z.get("0:" + count);
        NDArray second = z.get(count + ":");
        double deviation = z.sub(z.mean(new int[] {0}, true))
                        .square()
                        .mean(new int[] {0})
                        .sqrt()
                        .mean()
                        .getFloat()
                * Math.sqrt((double) width);
        double alignment = first.sub(second).square().sum(new int[] {1}).mean().getFloat();
        return new Spread(deviation, alignment, (uniformity(first) + uniformity(second)) / 2);
    }

    /** On the sphere the squared distance is 2 - 2 cos. */
    private static double uniformity(NDArray z) {
        long count = z.getShape().get(0);
        NDArray kernel = z.matMul(z.transpose()).sub(1).mul(4).exp();
        double withoutSelf = kernel.sum().getFloat() - count;
        return Math.log(withoutSelf / ((double) count * (count - 1)));
    }

    /** Whether hardly anything tells one image's projection from another's. */
    public boolean collapsed() {
        return deviation < COLLAPSED;
    }
}
