package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;

/** What a phase of training minimises. */
@FunctionalInterface
interface BatchLoss {

    /**
     * The loss of a step, a scalar.
     *
     * @param scope owns everything made on the way, and is closed after the step
     * @param images of the step, as numbers of the image set
     * @param step from 0
     * @param epoch from 0
     */
    NDArray of(NDManager scope, int[] images, long step, int epoch);

    /** Called when the weights have made the step. */
    default void stepped() {}

    /** Tensors, other than the weights, that later losses depend on. They are part of snapshots. */
    default Map<String, NDArray> state() {
        return Map.of();
    }
}
