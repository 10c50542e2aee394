package dev.tutelage.learning.model;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * A linear classifier {@code fc} on its own, starting at zero: with the cross-entropy it is a logistic regression.
 *
 * @param width numbers in a feature vector, 1 or more
 * @param classes 2 or more
 */
public record LinearClassifier(int width, int classes) {

    /** @throws IllegalArgumentException naming the field that is out of its range */
    public LinearClassifier {
        if (width < 1 || classes < 2) {
            throw new IllegalArgumentException("linear classifier: width must be 1 or more and classes 2 or more, not "
                    + width + " and " + classes);
        }
    }

    /** All weights. */
    public List<Parameter> parameters() {
        return Parameter.classifier("fc", width, classes);
    }

    /** Features [N, width] to logits [N, classes]. */
    public NDArray logits(Weights weights, NDArray features) {
        return new Forward(weights, Mode.EVALUATION).dense(features, "fc");
    }
}
