package dev.tutelage.learning.objective;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.function.UnaryOperator;

/** A loss of a matrix as PyTorch sees it, in double precision. */
final class Differentiated {

    private final double loss;
    private final double[] gradient;

    private Differentiated(double loss, double[] gradient) {
        this.loss = loss;
        this.gradient = gradient;
    }

    static Differentiated of(UnaryOperator<NDArray> objective, double[] entries, int rows) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            NDArray matrix = manager.create(entries, new Shape(rows, entries.length / rows));
            matrix.setRequiresGradient(true);
            NDArray loss = objective.apply(matrix);
            collector.backward(loss);
            return new Differentiated(loss.getDouble(), matrix.getGradient().toDoubleArray());
        }
    }

    double loss() {
        return loss;
    }

    /** With respect to every entry, in row-major order. */
    double[] gradient() {
        return gradient.clone();
    }
}
