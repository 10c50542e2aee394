package dev.tutelage.learning.objective;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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
            collectGarbage();
            collector.backward(loss);
            return new Differentiated(loss.getDouble(), matrix.getGradient().toDoubleArray());
        }
    }

    /**
     * A tensor of one number that is made from Java memory and closed at once, as DJL's {@code div(Number)} does it, would
     * lose that memory here while PyTorch's graph still refers to it.
     */
    private static void collectGarbage() {
        List<ByteBuffer> successors = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            System.gc();
            for (int i = 0; i < 1_000; i++) {
                successors.add(ByteBuffer.allocateDirect(Double.BYTES).putLong(0, -1L));
            }
        }
        assertThat(successors).hasSize(5_000);
    }

    double loss() {
        return loss;
    }

    /** With respect to every entry, in row-major order. */
    double[] gradient() {
        return gradient.clone();
    }
}
