package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** What happens after each epoch of a training. It leaves weights as they are. */
interface EpochEnd {

    /** Nothing happens. */
    EpochEnd NOTHING = epoch -> Map.of();

    /**
     * Looks at the weights.
     *
     * @param epoch the one that has ended, from 0
     * @return what was measured, part of progress from now on; empty if nothing was
     */
    Map<String, Double> look(int epoch);

    /** Whether training should end here. */
    default boolean enough() {
        return false;
    }

    /** Tensors that later looks depend on. They are part of snapshots. */
    default Map<String, NDArray> state() {
        return Map.of();
    }
}
