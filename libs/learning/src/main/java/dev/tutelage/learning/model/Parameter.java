package dev.tutelage.learning.model;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * One named weight tensor of an architecture.
 *
 * @param name as PyTorch and torchvision name it, for example {@code layer1.0.conv1.weight}
 * @param shape of the tensor, as PyTorch lays it out
 * @param role what it does in its layer
 * @param supervisedHead whether it belongs to the linear classifier, which LARS leaves out
 * @param initialization the values it starts with
 */
public record Parameter(String name, Shape shape, Role role, boolean supervisedHead, Initialization initialization) {

    private static final Initialization ZERO = new Initialization.Constant(0);
    private static final Initialization ONE = new Initialization.Constant(1);
    /** The paper's deviation of dense layers. */
    private static final Initialization DENSE = new Initialization.Normal(0.01);

    /** Whether training changes it by gradients. */
    public boolean trainable() {
        return role != Role.BUFFER;
    }

    /**
     * A square convolution's kernel, [out, in, size, size], without bias; He initialisation with variance 2 / fan-out, as
     * torchvision's ResNets have it.
     */
    static Parameter convolution(String module, int in, int out, int size) {
        Initialization he = new Initialization.Normal(Math.sqrt(2.0 / ((double) out * size * size)));
        return new Parameter(module + ".weight", new Shape(out, in, size, size), Role.WEIGHT, false, he);
    }

    /** Batch normalisation's scale, shift and running statistics. */
    static List<Parameter> batchNorm(String module, int channels, float scale) {
        return List.of(
                norm(module + ".weight", channels, Role.NORM_SCALE, new Initialization.Constant(scale)),
                norm(module + ".bias", channels, Role.NORM_SHIFT, ZERO),
                norm(module + ".running_mean", channels, Role.BUFFER, ZERO),
                norm(module + ".running_var", channels, Role.BUFFER, ONE));
    }

    /** Batch normalisation without a shift, as the last layer of the projection head has it. */
    static List<Parameter> batchNormWithoutShift(String module, int channels) {
        return batchNorm(module, channels, 1).stream()
                .filter(parameter -> parameter.role() != Role.NORM_SHIFT)
                .toList();
    }

    /** A dense layer's matrix, [out, in], without bias. */
    static Parameter dense(String module, int in, int out) {
        return new Parameter(module + ".weight", new Shape(out, in), Role.WEIGHT, false, DENSE);
    }

    /** The linear classifier: matrix [classes, in] and bias [classes], both starting at zero. */
    static List<Parameter> classifier(String module, int in, int classes) {
        return List.of(
                new Parameter(module + ".weight", new Shape(classes, in), Role.WEIGHT, true, ZERO),
                new Parameter(module + ".bias", new Shape(classes), Role.BIAS, true, ZERO));
    }

    private static Parameter norm(String name, int channels, Role role, Initialization initialization) {
        return new Parameter(name, new Shape(channels), role, false, initialization);
    }
}
