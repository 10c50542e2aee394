package dev.tutelage.learning.model;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/**
 * SimCLRv2's projection head (arXiv 2006.10029, section 2): dense layers without bias, each followed by batch
 * normalisation. Hidden layers keep the input's width and end in a ReLU; the last one has no shift and no ReLU. "Layer k"
 * is the output of k hidden layers; fine-tuning from it keeps these and drops the rest.
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

    /** The layers that end in a ReLU. */
    public int hiddenLayers() {
        return depth - 1;
    }

    /** All weights, from the input to the output. */
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>(hiddenParameters(inputWidth, hiddenLayers()));
        parameters.add(Parameter.dense(linear(hiddenLayers()), inputWidth, outputWidth));
        parameters.addAll(Parameter.batchNormWithoutShift(norm(hiddenLayers()), outputWidth));
        return List.copyOf(parameters);
    }

    /** The forward pass: features [N, inputWidth] to projections [N, outputWidth], not normalised. */
    public <V> V project(Operations<V> operations, V features) {
        V hidden = hidden(operations, features, hiddenLayers());
        return operations.batchNorm(operations.dense(hidden, linear(hiddenLayers())), norm(hiddenLayers()));
    }

    /** Runs the forward pass on a batch; the result belongs to the features' manager. */
    public NDArray project(Weights weights, NDArray features, Mode mode) {
        return project(new Forward(weights, mode), features);
    }

    static List<Parameter> hiddenParameters(int width, int layers) {
        List<Parameter> parameters = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            parameters.add(Parameter.dense(linear(layer), width, width));
            parameters.addAll(Parameter.batchNorm(norm(layer), width, 1));
        }
        return parameters;
    }

    static <V> V hidden(Operations<V> operations, V features, int layers) {
        V value = features;
        for (int layer = 0; layer < layers; layer++) {
            value = operations.relu(operations.batchNorm(operations.dense(value, linear(layer)), norm(layer)));
        }
        return value;
    }

    private static String linear(int layer) {
        return "projection." + layer + ".linear";
    }

    private static String norm(int layer) {
        return "projection." + layer + ".norm";
    }
}
