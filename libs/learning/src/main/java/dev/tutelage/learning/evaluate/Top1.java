package dev.tutelage.learning.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.Weights;
import java.util.function.IntUnaryOperator;

/** Held-out accuracy: how often the likeliest class is the label. */
public final class Top1 {

    private Top1() {}

    /**
     * The accuracy in percent, 0..100.
     *
     * @param labeled 1 labeled image or more
     * @throws IllegalArgumentException if there is no image or an image has no label, naming it
     */
    public static double percent(Classifier classifier, Weights weights, ImageSet labeled) {
        if (labeled.size() == 0) {
            throw new IllegalArgumentException("accuracy needs 1 held-out image or more");
        }
        int right = 0;
        for (int[] batch : Batches.of(labeled.size())) {
            try (NDManager scope = weights.newScope()) {
                NDArray logits = classifier.logits(weights, labeled.batch(scope, batch), Mode.EVALUATION);
                right += right(logits, i -> label(labeled, batch[i]));
            }
        }
        return 100.0 * right / labeled.size();
    }

    /**
     * How many rows are largest at their label.
     *
     * @param logits [N, classes]
     * @param labels of each row, 0..N-1
     */
    public static int right(NDArray logits, IntUnaryOperator labels) {
        long[] predicted = logits.argMax(1).toLongArray();
        int right = 0;
        for (int i = 0; i < predicted.length; i++) {
            right += predicted[i] == labels.applyAsInt(i) ? 1 : 0;
        }
        return right;
    }

    private static int label(ImageSet labeled, int image) {
        return labeled.label(image)
                .orElseThrow(
                        () -> new IllegalArgumentException("held-out image " + labeled.key(image) + " has no label"));
    }
}
