package dev.tutelage.learning.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;

/**
 * Runs a network on tensors. Results belong to the input's manager, so closing that one frees a whole pass.
 *
 * @param weights read, and in {@link Mode#TRAINING} also written: batch normalisation's running statistics
 * @param mode how batch normalisation behaves
 */
public record Forward(Weights weights, Mode mode) implements Operations<NDArray> {

    /** Batch normalisation's epsilon (SimCLRv2's and PyTorch's). */
    public static final float EPSILON = 1e-5f;

    /** How much of the running statistics a training step keeps. */
    public static final float DECAY = 0.9f;

    /** DJL hands the input to PyTorch as it is for this axis, and PyTorch normalises axis 1. */
    private static final int AS_IS = -1;

    @Override
    public NDArray convolution(NDArray input, String module, int stride, int padding) {
        Shape strides = new Shape(stride, stride);
        Shape paddings = new Shape(padding, padding);
        return Conv2d.conv2d(input, weights.get(module + ".weight"), null, strides, paddings)
                .singletonOrThrow();
    }

    @Override
    public NDArray batchNorm(NDArray input, String module) {
        NDArray scale = weights.get(module + ".weight");
        String shiftName = module + ".bias";
        NDArray shift = weights.has(shiftName)
                ? weights.get(shiftName)
                : input.getManager().zeros(scale.getShape(), scale.getDataType());
        return BatchNorm.batchNorm(
                        input,
                        weights.get(module + ".running_mean"),
                        weights.get(module + ".running_var"),
                        scale,
                        shift,
                        AS_IS,
                        DECAY,
                        EPSILON,
                        mode == Mode.TRAINING)
                .singletonOrThrow();
    }

    @Override
    public NDArray relu(NDArray input) {
        return Activation.relu(input);
    }

    @Override
    public NDArray add(NDArray left, NDArray right) {
        return left.add(right);
    }

    @Override
    public NDArray maxPool(NDArray input) {
        return Pool.maxPool2d(input, new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), false);
    }

    @Override
    public NDArray averagePool(NDArray input) {
        return Pool.avgPool2d(input, new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), true, false);
    }

    @Override
    public NDArray meanOfBranches(NDArray branches) {
        NDList both = branches.split(2, 1);
        return both.get(0).add(both.get(1)).mean(new int[] {3}, true).mean(new int[] {2}, true);
    }

    @Override
    public NDArray select(NDArray branches, NDArray scores) {
        NDList values = branches.split(2, 1);
        NDList each = scores.split(2, 1);
        // The softmax of two scores is the sigmoid of their difference.
        NDArray first = Activation.sigmoid(each.get(0).sub(each.get(1)));
        return values.get(1).add(first.mul(values.get(0).sub(values.get(1))));
    }

    @Override
    public NDArray globalAveragePool(NDArray input) {
        return Pool.globalAvgPool2d(input);
    }

    @Override
    public NDArray dense(NDArray input, String module) {
        String bias = module + ".bias";
        return Linear.linear(input, weights.get(module + ".weight"), weights.has(bias) ? weights.get(bias) : null)
                .singletonOrThrow();
    }
}
