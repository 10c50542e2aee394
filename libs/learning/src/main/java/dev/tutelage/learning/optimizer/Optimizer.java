package dev.tutelage.learning.optimizer;

import ai.djl.ndarray.NDArray;
import dev.tutelage.learning.model.Weights;
import java.util.Map;

/**
 * Changes weights by their gradients. Its memory of earlier steps is a set of named tensors, so that a snapshot can hold
 * it; whatever else a step depends on is passed in. It belongs to one {@link Weights} and is freed by {@link #close}.
 */
public sealed interface Optimizer extends AutoCloseable permits Lars, AdamW, Sgd {

    /**
     * Makes one step and sets the gradients to zero, as PyTorch would otherwise add the next ones to them.
     *
     * @param weights whose gradients have just been computed
     * @param learningRate of this step
     * @param step the number of this step, from 1
     */
    void step(Weights weights, double learningRate, long step);

    /** The memory, by name. Writing into the tensors changes it. */
    Map<String, NDArray> state();

    @Override
    void close();
}
