package dev.tutelage.learning.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A convolution that chooses between two 3x3 branches for each channel and image (selective kernels, arXiv 1903.06586, as
 * SimCLRv2 simplified them): what both branches see together, averaged over the image, decides by a small bottleneck and a
 * softmax over the two how much of each is taken. It ends normalised and without a negative value.
 *
 * @param conv name of the branches' common convolution; its second half of channels is the second branch
 * @param norm name of the branches' common normalisation
 * @param mixing name in front of the layers that decide
 */
record SelectiveKernel(String conv, String norm, String mixing, int in, int out, int stride) {

    /** How much narrower the layer that decides is than its input. */
    private static final double RATIO = 0.0625;

    private static final int NARROWEST = 32;

    List<Parameter> parameters() {
        int narrow = Math.max((int) (out * RATIO), NARROWEST);
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(Parameter.convolution(conv, in, 2 * out, 3));
        parameters.addAll(Parameter.batchNorm(norm, 2 * out, 1));
        parameters.add(Parameter.convolution(mixing + ".squeeze", out, narrow, 1));
        parameters.addAll(Parameter.batchNorm(mixing + ".norm", narrow, 1));
        parameters.add(Parameter.convolution(mixing + ".expand", narrow, 2 * out, 1));
        return parameters;
    }

    <V> V apply(Operations<V> operations, V input) {
        V branches = operations.relu(operations.batchNorm(operations.convolution(input, conv, stride, 1), norm));
        V seen = operations.convolution(operations.meanOfBranches(branches), mixing + ".squeeze", 1, 0);
        V scores = operations.convolution(
                operations.relu(operations.batchNorm(seen, mixing + ".norm")), mixing + ".expand", 1, 0);
        return operations.select(branches, scores);
    }
}
