package dev.tutelage.learning.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** The cross-entropy of class probabilities against labels. */
public record CrossEntropy() {

    /**
     * The mean loss of a batch, a scalar.
     *
     * @param logits [N, classes]
     * @param labels N class numbers, each 0..classes-1
     */
    public NDArray loss(NDArray logits, long[] labels) {
        NDArray index = logits.getManager().create(labels, new Shape(labels.length, 1));
        return logits.logSoftmax(1).gather(index, 1).sum().div(Constant.of(-labels.length, logits));
    }
}
