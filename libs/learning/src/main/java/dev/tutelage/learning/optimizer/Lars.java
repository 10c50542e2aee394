package dev.tutelage.learning.optimizer;

import ai.djl.ndarray.NDArray;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.Role;
import dev.tutelage.learning.model.Weights;
import java.util.Map;

/**
 * Layer-wise adaptive rate scaling (You et al., arXiv 1708.03888) as SimCLR has it: {@code g <- g + decay w; r = 0.001
 * |w| / |g|}, 1 where either norm is 0; {@code v <- momentum v + lr r g; w <- w - v}. Batch normalisation, biases and the
 * supervised head take part in neither the decay nor the adaptation.
 */
public final class Lars implements Optimizer {

    private static final double TRUST = 0.001;
    private static final String VELOCITY = "velocity";

    private final float momentum;
    private final float weightDecay;
    private final Memory memory;

    /**
     * @param momentum 0 or more and less than 1; the paper's is 0.9
     * @param weightDecay 0 or more
     */
    public Lars(Weights weights, double momentum, double weightDecay) {
        this.momentum = (float) momentum;
        this.weightDecay = (float) weightDecay;
        this.memory = new Memory(weights, VELOCITY);
    }

    @Override
    public void step(Weights weights, double learningRate, long step) {
        for (Parameter parameter : weights.trainable()) {
            boolean adapts = parameter.role() == Role.WEIGHT && !parameter.supervisedHead();
            NDArray weight = weights.get(parameter.name());
            try (NDArray gradient = weight.getGradient()) {
                double rate = adapts ? learningRate * trust(weight, gradient) : learningRate;
                NDArray velocity = memory.get(parameter, VELOCITY);
                Descent.follow(weight, gradient, velocity, rate, adapts ? weightDecay : 0, momentum);
            }
        }
    }

    private double trust(NDArray weight, NDArray gradient) {
        try (NDArray detached = weight.stopGradient();
                NDArray decay = detached.mul(weightDecay);
                NDArray decayed = gradient.add(decay);
                NDArray weightNorm = detached.norm();
                NDArray gradientNorm = decayed.norm()) {
            double ofWeight = weightNorm.getFloat();
            double ofGradient = gradientNorm.getFloat();
            return ofWeight > 0 && ofGradient > 0 ? TRUST * ofWeight / ofGradient : 1;
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
