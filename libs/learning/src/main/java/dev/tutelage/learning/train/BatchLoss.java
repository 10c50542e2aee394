package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** What a phase of training minimises. */
@FunctionalInterface
interface BatchLoss {

    /**
     * The loss of a step, a scalar.
     *
     * @param scope owns everything made on the way, and is closed after the step
     * @param images of the step, as numbers of the image set
     * @param epoch from 0
     */
    NDArray of(NDManager scope, int[] images, int epoch);
}
