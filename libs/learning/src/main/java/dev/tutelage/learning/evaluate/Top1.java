package dev.tutelage.learning.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.Weights;

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
                long[] predicted = logits.argMax(1).toLongArray();
                for (int i = 0; i < batch.length; i++) {
                    right += predicted[i] == label(labeled, batch[i]) ? 1 : 0;
                }
            }
        }
        return 100.0 * right / labeled.size();
    }

    private static int label(ImageSet labeled, int image) {
        return labeled.label(image)
                .orElseThrow(
                        () -> new IllegalArgumentException("held-out image " + labeled.key(image) + " has no label"));
    }
}
