package dev.tutelage.learning.model;

import java.util.ArrayList;
import java.util.List;

/**
 * One residual block of a stage: a few convolutions beside a shortcut. Where the shape changes the shortcut is a 1x1
 * convolution; with selective kernels a strided shortcut averages first (ResNet-D). The last scale starts at zero, so that
 * a network starts as its shortcuts.
 *
 * @param name of the block's module
 * @param kind of its convolutions
 * @param in channels that it is given
 * @param width channels of its inner convolutions
 * @param stride 1 or 2
 * @param selective whether its 3x3 convolution is a {@link SelectiveKernel}
 */
record ResidualBlock(String name, Block kind, int in, int width, int stride, boolean selective) {

    private int out() {
        return width * kind.expansion();
    }

    List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        switch (kind) {
            case BASIC -> {
                normalised(parameters, 1, in, width, 3, 1);
                normalised(parameters, 2, width, out(), 3, 0);
            }
            case BOTTLENECK -> {
                normalised(parameters, 1, in, width, 1, 1);
                if (selective) {
                    parameters.addAll(selectiveKernel().parameters());
                } else {
                    normalised(parameters, 2, width, width, 3, 1);
                }
                normalised(parameters, 3, width, out(), 1, 0);
            }
        }
        if (changesShape()) {
            parameters.add(Parameter.convolution(name + ".downsample.0", in, out(), 1));
            parameters.addAll(Parameter.batchNorm(name + ".downsample.1", out(), 1));
        }
        return parameters;
    }

    private void normalised(List<Parameter> parameters, int number, int from, int to, int size, float scale) {
        parameters.add(Parameter.convolution(name + ".conv" + number, from, to, size));
        parameters.addAll(Parameter.batchNorm(name + ".bn" + number, to, scale));
    }

    <V> V apply(Operations<V> operations, V input) {
        V residual =
                switch (kind) {
                    case BASIC -> {
                        V value = operations.relu(normalised(operations, input, 1, stride, 1));
                        yield normalised(operations, value, 2, 1, 1);
                    }
                    case BOTTLENECK -> {
                        V value = operations.relu(normalised(operations, input, 1, 1, 0));
                        value = selective
                                ? selectiveKernel().apply(operations, value)
                                : operations.relu(normalised(operations, value, 2, stride, 1));
                        yield normalised(operations, value, 3, 1, 0);
                    }
                };
        return operations.relu(operations.add(residual, shortcut(operations, input)));
    }

    private <V> V normalised(Operations<V> operations, V input, int number, int step, int padding) {
        V value = operations.convolution(input, name + ".conv" + number, step, padding);
        return operations.batchNorm(value, name + ".bn" + number);
    }

    private <V> V shortcut(Operations<V> operations, V input) {
        if (!changesShape()) {
            return input;
        }
        boolean averaged = selective && stride == 2;
        V source = averaged ? operations.averagePool(input) : input;
        V projected = operations.convolution(source, name + ".downsample.0", averaged ? 1 : stride, 0);
        return operations.batchNorm(projected, name + ".downsample.1");
    }

    private SelectiveKernel selectiveKernel() {
        return new SelectiveKernel(name + ".conv2", name + ".bn2", name + ".sk", width, width, stride);
    }

    private boolean changesShape() {
        return stride != 1 || in != out();
    }
}
