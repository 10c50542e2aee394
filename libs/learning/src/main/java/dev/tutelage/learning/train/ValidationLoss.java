package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.evaluate.Batches;
import dev.tutelage.learning.model.Weights;
import java.util.Arrays;
import java.util.function.DoubleSupplier;

/** The mean of a loss over images that were put aside, with the weights as they are when asked. */
final class ValidationLoss implements DoubleSupplier {

    private final Weights weights;
    private final int[] images;
    private final OfBatch loss;

    /** The mean loss of a batch in evaluation, a scalar. */
    @FunctionalInterface
    interface OfBatch {
        NDArray of(NDManager scope, int[] images);
    }

    /** @param images 1 or more, as numbers of the image set */
    ValidationLoss(Weights weights, int[] images, OfBatch loss) {
        this.weights = weights;
        this.images = images;
        this.loss = loss;
    }

    @Override
    public double getAsDouble() {
        double sum = 0;
        for (int[] positions : Batches.of(images.length)) {
            try (NDManager scope = weights.newScope()) {
                int[] batch = Arrays.stream(positions).map(i -> images[i]).toArray();
                sum += (double) batch.length * loss.of(scope, batch).getFloat();
            }
        }
        return sum / images.length;
    }
}
