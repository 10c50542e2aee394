package dev.tutelage.learning.model;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The first layers of a projection head. "Layer k" of a head of depth d is its input for k = 0, the output of k hidden
 * layers for k below d, and the projection itself for k = d.
 *
 * @param inputWidth the encoder's output width, which hidden layers keep
 * @param hiddenLayers dense layers that are normalised and end in a ReLU, 0 or more
 * @param projection width of the last layer, which is normalised without a shift and has no ReLU; empty if it is left out
 */
public record HeadPart(int inputWidth, int hiddenLayers, OptionalInt projection) {

    /** @throws IllegalArgumentException naming the field that is out of its range */
    public HeadPart {
        if (inputWidth < 1 || hiddenLayers < 0 || projection.orElse(1) < 1) {
            throw new IllegalArgumentException("head: inputWidth and projection must be 1 or more and hiddenLayers 0 or"
                    + " more, not " + inputWidth + ", " + projection.orElse(1) + " and " + hiddenLayers);
        }
    }

    /** Hidden layers alone. */
    public static HeadPart hidden(int inputWidth, int hiddenLayers) {
        return new HeadPart(inputWidth, hiddenLayers, OptionalInt.empty());
    }

    /** How many dense layers it has. */
    public int layers() {
        return hiddenLayers + (projection.isPresent() ? 1 : 0);
    }

    /** The width of what comes out. */
    public int outputWidth() {
        return projection.orElse(inputWidth);
    }

    /** All weights, from the input to the output. */
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        for (int layer = 0; layer < hiddenLayers; layer++) {
            parameters.add(Parameter.dense(linear(layer), inputWidth, inputWidth));
            parameters.addAll(Parameter.batchNorm(norm(layer), inputWidth, 1));
        }
        projection.ifPresent(width -> {
            parameters.add(Parameter.dense(linear(hiddenLayers), inputWidth, width));
            parameters.addAll(Parameter.batchNormWithoutShift(norm(hiddenLayers), width));
        });
        return List.copyOf(parameters);
    }

    /** The forward pass: features [N, inputWidth] to [N, outputWidth]. */
    public <V> V apply(Operations<V> operations, V features) {
        V value = features;
        for (int layer = 0; layer < hiddenLayers; layer++) {
            value = operations.relu(operations.batchNorm(operations.dense(value, linear(layer)), norm(layer)));
        }
        if (projection.isEmpty()) {
            return value;
        }
        return operations.batchNorm(operations.dense(value, linear(hiddenLayers)), norm(hiddenLayers));
    }

    private static String linear(int layer) {
        return "projection." + layer + ".linear";
    }

    private static String norm(int layer) {
        return "projection." + layer + ".norm";
    }
}
