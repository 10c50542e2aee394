package dev.tutelage.learning.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.Role;
import dev.tutelage.learning.model.Weights;
import java.util.Map;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101), equal to PyTorch's AdamW. Only kernels and
 * matrices decay, those of the supervised head included; batch normalisation and biases do not.
 */
public final class AdamW implements Optimizer {

    private static final float VARIANCE_MOMENTUM = 0.999f;
    private static final double EPSILON = 1e-8;
    private static final String MEAN = "mean";
    private static final String VARIANCE = "variance";

    private final float momentum;
    private final float weightDecay;
    private final Memory memory;

    /**
     * @param momentum Adam's beta 1, 0 or more and less than 1; usually 0.9. Beta 2 is 0.999 and epsilon 1e-8
     * @param weightDecay 0 or more
     */
    public AdamW(Weights weights, double momentum, double weightDecay) {
        this.momentum = (float) momentum;
        this.weightDecay = (float) weightDecay;
        this.memory = new Memory(weights, MEAN, VARIANCE);
    }

    @Override
    public void step(Weights weights, double learningRate, long step) {
        double meanCorrection = 1 - Math.pow(momentum, (double) step);
        double varianceCorrection = Math.sqrt(1 - Math.pow(VARIANCE_MOMENTUM, (double) step));
        double corrected = learningRate * varianceCorrection / meanCorrection;
        // DJL adds epsilon to the uncorrected root, PyTorch to the corrected one: this makes the two the same.
        double epsilon = EPSILON * varianceCorrection;
        for (Parameter parameter : weights.trainable()) {
            NDArray weight = weights.get(parameter.name());
            try (NDArray gradient = weight.getGradient()) {
                NDList inputs =
                        new NDList(weight, gradient, memory.get(parameter, MEAN), memory.get(parameter, VARIANCE));
                weight.getNDArrayInternal()
                        .adamUpdate(
                                inputs,
                                new NDList(weight),
                                (float) learningRate,
                                (float) corrected,
                                parameter.role() == Role.WEIGHT ? weightDecay : 0,
                                1,
                                -1,
                                momentum,
                                VARIANCE_MOMENTUM,
                                (float) epsilon,
                                false,
                                true);
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
