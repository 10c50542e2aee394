package dev.tutelage.learning.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/** The step that DJL makes in one native call, without recording it as differentiable and clearing the gradient after. */
final class Descent {

    private static final float AS_IT_IS = 1;
    private static final float NOT_CLIPPED = -1;

    private Descent() {}

    /** {@code v <- momentum v + rate (g + decay w); w <- w - v; g <- 0}. */
    static void follow(
            NDArray weight, NDArray gradient, NDArray velocity, double rate, float weightDecay, float momentum) {
        weight.getNDArrayInternal()
                .sgdUpdate(
                        new NDList(weight, gradient, velocity),
                        new NDList(weight),
                        (float) rate,
                        weightDecay,
                        AS_IT_IS,
                        NOT_CLIPPED,
                        momentum,
                        false);
    }
}
