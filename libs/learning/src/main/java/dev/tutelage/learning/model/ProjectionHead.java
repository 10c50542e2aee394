package dev.tutelage.learning.model;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.OptionalInt;

/**
 * SimCLRv2's projection head (arXiv 2006.10029, section 2): dense layers without bias, each followed by batch
 * normalisation. Hidden layers keep the input's width and end in a ReLU; the last one has no shift and no ReLU. Fine-tuning
 * keeps its {@link #first} layers and drops the rest.
 *
 * @param inputWidth the encoder's output width, 1 or more
 * @param depth dense layers in all, 1 or more; the paper's is 3
 * @param outputWidth of the projections that the contrastive loss compares, 1 or more; the paper's is 128
 */
public record ProjectionHead(int inputWidth, int depth, int outputWidth) {

    /** @throws IllegalArgumentException naming the field that is out of its range */
    public ProjectionHead {
        if (inputWidth < 1 || depth < 1 || outputWidth < 1) {
            throw new IllegalArgumentException("head: inputWidth, depth and outputWidth must be 1 or more, not "
                    + inputWidth + ", " + depth + " and " + outputWidth);
        }
    }

    /**
     * The first layers.
     *
     * @param layers 0..depth
     * @throws IllegalArgumentException if the head has fewer
     */
    public HeadPart first(int layers) {
        if (layers < 0 || layers > depth) {
            throw new IllegalArgumentException("headLayers must be 0.." + depth + " on this head, not " + layers);
        }
        return layers == depth
                ? new HeadPart(inputWidth, depth - 1, OptionalInt.of(outputWidth))
                : HeadPart.hidden(inputWidth, layers);
    }

    /** All weights, from the input to the output. */
    public List<Parameter> parameters() {
        return first(depth).parameters();
    }

    /** The forward pass: features [N, inputWidth] to projections [N, outputWidth], not normalised. */
    public <V> V project(Operations<V> operations, V features) {
        return first(depth).apply(operations, features);
    }

    /** Runs the forward pass on a batch; the result belongs to the features' manager. */
    public NDArray project(Weights weights, NDArray features, Mode mode) {
        return project(new Forward(weights, mode), features);
    }
}
