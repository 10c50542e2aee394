package dev.tutelage.learning.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.Weights;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** One tensor or more for each trainable weight, all zero at first, named {@code <weight>.<what>}. */
final class Memory implements AutoCloseable {

    private final NDManager scope;
    private final Map<String, NDArray> tensors = new LinkedHashMap<>();

    Memory(Weights weights, String... whats) {
        this.scope = weights.newScope();
        for (Parameter parameter : weights.trainable()) {
            for (String what : whats) {
                tensors.put(parameter.name() + "." + what, scope.zeros(parameter.shape()));
            }
        }
    }

    NDArray get(Parameter parameter, String what) {
        return tensors.get(parameter.name() + "." + what);
    }

    Map<String, NDArray> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public void close() {
        scope.close();
    }
}
