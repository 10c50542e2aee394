package dev.tutelage.learning.train;

import dev.tutelage.learning.model.Weights;
import java.util.function.Supplier;

/** Weights that a result takes over if there is one, and that are freed if there is none. */
final class Ownership {

    private Ownership() {}

    static <T> T keepOrClose(Weights weights, Supplier<T> result) {
        boolean kept = false;
        try {
            T made = result.get();
            kept = true;
            return made;
        } finally {
            if (!kept) {
                weights.close();
            }
        }
    }
}
