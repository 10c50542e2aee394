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

    /** The greatest of 3x3 values at every second place: [N, C, H, W] to [N, C, ceil(H / 2), ceil(W / 2)]. */
    V maxPool(V input);

    /**
     * The mean of each 2x2 square: [N, C, H, W] to [N, C, ceil(H / 2), ceil(W / 2)]. At the edge of an odd side it is the
     * mean of those that there are.
     */
    V averagePool(V input);

    /** Two branches side by side, added and averaged over height and width: [N, 2 C, H, W] to [N, C, 1, 1]. */
    V meanOfBranches(V branches);

    /**
     * A mean of two branches: [N, 2 C, H, W] and scores [N, 2 C, 1, 1] to [N, C, H, W]. The softmax of a channel's two
     * scores weighs its two branches.
     */
    V select(V branches, V scores);

    /** The mean over height and width: [N, C, H, W] to [N, C]. */
    V globalAveragePool(V input);

    /** Dense layer: [N, in] to [N, out]; a module without {@code .bias} adds nothing. */
    V dense(V input, String module);
}
