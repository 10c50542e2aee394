package dev.tutelage.learning.objective;

import ai.djl.ndarray.NDArray;

/** The sum of two losses, as equation 3 of arXiv 2006.10029 mixes distillation and labels. */
public final class WeightedSum {

    private WeightedSum() {}

    /** {@code alpha first + (1 - alpha) second}, a scalar. */
    public static NDArray of(double alpha, NDArray first, NDArray second) {
        return first.mul(Constant.of(alpha, first)).add(second.mul(Constant.of(1 - alpha, second)));
    }
}
