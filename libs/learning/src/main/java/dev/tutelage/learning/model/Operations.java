package dev.tutelage.learning.model;

/**
 * What networks are made of. An architecture describes its forward pass once, over values of any kind: tensors when it
 * runs ({@link Forward}), graph nodes when it is exported. A layer is called by its module's name, and its weights are
 * {@code <module>.weight} and so on.
 *
 * @param <V> the kind of value
 */
public interface Operations<V> {

    /** Two-dimensional convolution without bias: [N, C, H, W] to [N, C', H', W']. */
    V convolution(V input, String module, int stride, int padding);

    /** Batch normalisation over axis 1, epsilon {@link Forward#EPSILON}; a module without {@code .bias} has no shift. */
    V batchNorm(V input, String module);

    V relu(V input);

    V add(V left, V right);

    /** The mean over height and width: [N, C, H, W] to [N, C]. */
    V globalAveragePool(V input);

    /** Dense layer: [N, in] to [N, out]; a module without {@code .bias} adds nothing. */
    V dense(V input, String module);
}
