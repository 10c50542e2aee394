package dev.tutelage.learning.optimizer;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.tutelage.learning.model.Initialization;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.Role;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import java.util.List;
import java.util.Map;

/** Weights of every role, two numbers each, that are given the gradients one likes. */
final class Stepping implements AutoCloseable {

    static final String KERNEL = "conv.weight";
    static final String SCALE = "bn.weight";
    static final String SHIFT = "bn.bias";
    static final String BIAS = "dense.bias";
    static final String HEAD = "fc.weight";
    static final String HEAD_BIAS = "fc.bias";

    private static final Shape TWO = new Shape(2);

    private final Weights weights = Weights.initialize(
            List.of(
                    parameter(KERNEL, Role.WEIGHT, false),
                    parameter(SCALE, Role.NORM_SCALE, false),
                    parameter(SHIFT, Role.NORM_SHIFT, false),
                    parameter(BIAS, Role.BIAS, false),
                    parameter(HEAD, Role.WEIGHT, true),
                    parameter(HEAD_BIAS, Role.BIAS, true)),
            new Seed(1));

    /** All weights start at these two numbers. */
    Stepping(float first, float second) {
        weights.tensors().values().forEach(tensor -> tensor.set(new float[] {first, second}));
        weights.requireGradients(true);
    }

    Weights weights() {
        return weights;
    }

    /** Makes a step in which all weights have this gradient. */
    void step(Optimizer optimizer, double learningRate, long number, float... gradient) {
        try (NDManager scope = weights.newScope()) {
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray direction = scope.create(gradient, TWO);
                NDArray loss = scope.zeros(new Shape());
                for (NDArray weight : weights.tensors().values()) {
                    loss = loss.add(direction.mul(weight).sum());
                }
                collector.backward(loss);
            }
            optimizer.step(weights, learningRate, number);
        }
    }

    float[] values(String name) {
        return weights.get(name).toFloatArray();
    }

    static float[] values(Map<String, NDArray> state, String name) {
        return state.get(name).toFloatArray();
    }

    @Override
    public void close() {
        weights.close();
    }

    private static Parameter parameter(String name, Role role, boolean head) {
        return new Parameter(name, TWO, role, head, new Initialization.Constant(0));
    }
}
