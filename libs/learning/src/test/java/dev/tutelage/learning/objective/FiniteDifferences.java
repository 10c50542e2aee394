package dev.tutelage.learning.objective;

import java.util.function.ToDoubleFunction;

/** Gradients without calculus, to check others by: central differences in double precision. */
public final class FiniteDifferences {

    private static final double STEP = 1e-5;

    private FiniteDifferences() {}

    /** The gradient of the function at this point; the point is left as it is. */
    public static double[] gradient(ToDoubleFunction<double[]> function, double[] point) {
        double[] gradient = new double[point.length];
        for (int i = 0; i < point.length; i++) {
            double[] moved = point.clone();
            moved[i] = point[i] + STEP;
            double above = function.applyAsDouble(moved);
            moved[i] = point[i] - STEP;
            double below = function.applyAsDouble(moved);
            gradient[i] = (above - below) / (2 * STEP);
        }
        return gradient;
    }
}
