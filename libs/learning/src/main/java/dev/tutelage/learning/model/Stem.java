package dev.tutelage.learning.model;

import java.util.ArrayList;
import java.util.List;

/** The layers in front of a residual network's first stage. */
public enum Stem {
    /** One 3x3 convolution, as SimCLR has it on CIFAR (arXiv 2002.05709, B.9): the image keeps its size. */
    CIFAR(1),
    /** The same with stride 2: half the size, a quarter of the work. */
    CIFAR_HALVED(2),
    /**
     * A 7x7 convolution and a 3x3 pooling, each with stride 2: a quarter of the size. With selective kernels three 3x3
     * convolutions take the first one's place (ResNet-D, arXiv 1812.01187), as in the authors' code.
     */
    IMAGENET(2);

    private final int stride;

    Stem(int stride) {
        this.stride = stride;
    }

    List<Parameter> parameters(int channels, int width, boolean deep) {
        List<Parameter> parameters = new ArrayList<>();
        if (this != IMAGENET) {
            normalised(parameters, "", channels, width, 3);
        } else if (!deep) {
            normalised(parameters, "", channels, width, 7);
        } else {
            normalised(parameters, "stem.0.", channels, width / 2, 3);
            normalised(parameters, "stem.1.", width / 2, width / 2, 3);
            normalised(parameters, "", width / 2, width, 3);
        }
        return parameters;
    }

    private static void normalised(List<Parameter> parameters, String prefix, int in, int out, int size) {
        parameters.add(Parameter.convolution(prefix + "conv1", in, out, size));
        parameters.addAll(Parameter.batchNorm(prefix + "bn1", out, 1));
    }

    <V> V apply(Operations<V> operations, V images, boolean deep) {
        if (this != IMAGENET) {
            return normalised(operations, images, "", stride, 1);
        }
        if (!deep) {
            return operations.maxPool(normalised(operations, images, "", stride, 3));
        }
        V value = normalised(operations, images, "stem.0.", stride, 1);
        value = normalised(operations, value, "stem.1.", 1, 1);
        return operations.maxPool(normalised(operations, value, "", 1, 1));
    }

    private static <V> V normalised(Operations<V> operations, V input, String prefix, int stride, int padding) {
        V value = operations.convolution(input, prefix + "conv1", stride, padding);
        return operations.relu(operations.batchNorm(value, prefix + "bn1"));
    }
}
