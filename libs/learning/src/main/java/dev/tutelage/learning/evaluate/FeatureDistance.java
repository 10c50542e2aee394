package dev.tutelage.learning.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * How far features lie from a reference: the unbiased estimate of the squared maximum mean discrepancy with a Gaussian
 * kernel (Gretton et al., A Kernel Two-Sample Test, JMLR 13, 2012, equation 3). Its expectation is 0 if both are of one
 * distribution, whatever their numbers, so it may be a little below 0, and estimates of parts may be averaged; it is at most
 * 2.
 *
 * <p>The kernel is exp(-d^2 / (2 m)) of the distance d, where m is the median of d^2 between the reference's first {@value
 * #FOR_MEDIAN} features: the same for all that is compared with one reference.
 *
 * <p>May be used by several threads.
 */
public final class FeatureDistance {
    private static final int FOR_MEDIAN = 200;

    private final float[] reference;
    private final int images;
    private final int width;
    private final float rate;
    private final double within;

    /**
     * @param reference [N * width] in row-major order, of 2 images or more; not to be changed
     * @param width of a feature, 1 or more
     */
    public FeatureDistance(float[] reference, int width) {
        this.reference = reference;
        this.width = width;
        this.images = count(reference);
        this.rate = (float) (1 / (2 * median()));
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            this.within = meanWithin(matrix(manager, reference), images);
        }
    }

    /** The width of the features that it compares. */
    public int width() {
        return width;
    }

    /**
     * The squared distance of a sample from the reference.
     *
     * @param sample [M * width] in row-major order, of 2 images or more
     */
    public double squaredTo(float[] sample) {
        int count = count(sample);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray mine = matrix(manager, sample);
            double across = kernels(mine, matrix(manager, reference)) / ((double) count * images);
            return within + meanWithin(mine, count) - 2 * across;
        }
    }

    private int count(float[] features) {
        if (features.length < 2 * width || features.length % width != 0) {
            throw new IllegalArgumentException(
                    features.length + " numbers are not the features, " + width + " wide, of 2 images or more");
        }
        return features.length / width;
    }

    private NDArray matrix(NDManager manager, float[] features) {
        return manager.create(features, new Shape(features.length / width, width));
    }

    /** Without those of images with themselves, which are 1. */
    private double meanWithin(NDArray features, int count) {
        return (kernels(features, features) - count) / ((double) count * (count - 1));
    }

    /** The sum of the kernel over all pairs. */
    private double kernels(NDArray left, NDArray right) {
        int[] rows = {1};
        NDArray squares = left.square()
                .sum(rows, true)
                .add(right.square().sum(rows, true).transpose())
                .sub(left.matMul(right.transpose()).mul(2))
                .maximum(0);
        return squares.mul(-rate).exp().sum().getFloat();
    }

    /** 1 where it is 0: then all features are alike, and any other is far away. */
    private double median() {
        int some = Math.min(FOR_MEDIAN, images);
        double[] squares = new double[some * (some - 1) / 2];
        int next = 0;
        for (int i = 0; i < some; i++) {
            for (int j = 0; j < i; j++) {
                squares[next++] = square(i, j);
            }
        }
        Arrays.sort(squares);
        double median = squares[squares.length / 2];
        return median > 0 ? median : 1;
    }

    private double square(int i, int j) {
        double sum = 0;
        for (int k = 0; k < width; k++) {
            double difference = reference[i * width + k] - reference[j * width + k];
            sum += difference * difference;
        }
        return sum;
    }
}
