package dev.tutelage.learning.optimizer;

import ai.djl.ndarray.NDArray;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.Role;
import dev.tutelage.learning.model.Weights;
import java.util.Map;

/**
 * Stochastic gradient descent with momentum, without Nesterov's look-ahead: {@code v <- momentum v + lr (g + decay w); w
 * <- w - v}. Only kernels and matrices decay.
 */
public final class Sgd implements Optimizer {

    private static final String VELOCITY = "velocity";

    private final float momentum;
    private final float weightDecay;
    private final Memory memory;

    /**
     * @param momentum 0 or more and less than 1; usually 0.9
     * @param weightDecay 0 or more
     */
    public Sgd(Weights weights, double momentum, double weightDecay) {
        this.momentum = (float) momentum;
        this.weightDecay = (float) weightDecay;
        this.memory = new Memory(weights, VELOCITY);
    }

    @Override
    public void step(Weights weights, double learningRate, long step) {
        for (Parameter parameter : weights.trainable()) {
            NDArray weight = weights.get(parameter.name());
            float decay = parameter.role() == Role.WEIGHT ? weightDecay : 0;
            try (NDArray gradient = weight.getGradient()) {
                Descent.follow(weight, gradient, memory.get(parameter, VELOCITY), learningRate, decay, momentum);
            }
        }
    }

    @Override
    public Map<String, NDArray> state() {
        return memory.tensors();
    }

    @Override
    public void close() {
        memory.close();
    }
}
