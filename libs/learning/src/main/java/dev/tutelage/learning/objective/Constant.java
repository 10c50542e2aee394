package dev.tutelage.learning.objective;

import ai.djl.ndarray.NDArray;

/**
 * A number in a loss.
 *
 * <p>DJL's {@code mul(Number)} and {@code div(Number)} put the number into Java memory and let go of it before they
 * return, but PyTorch's graph still refers to it for the backward pass. Were the JVM to collect it in between, gradients
 * would be those of another number, or not numbers at all. So losses must not use them.
 */
final class Constant {

    private Constant() {}

    /** The number as a tensor without dimensions in PyTorch's own memory, of the other tensor's type and manager. */
    static NDArray of(double value, NDArray other) {
        try (NDArray shared = other.getManager().create(value);
                NDArray typed = shared.toType(other.getDataType(), false)) {
            return typed.duplicate();
        }
    }
}
