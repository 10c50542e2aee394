package dev.tutelage.learning.train;

import dev.tutelage.learning.evaluate.HeldOutPredictions;
import dev.tutelage.learning.evaluate.Reference;
import dev.tutelage.learning.format.Measured;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Weights;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What fine-tuning, supervised training and distillation make. It owns its weights.
 *
 * @param classifier turns images into logits
 * @param weights of it
 * @param metrics {@code loss}: the mean loss of the last epoch; {@link HeldOutPredictions#metrics}; with early stopping also {@code validationLoss} and {@code bestEpoch}; of training on labels {@code labels}: how many were used;
 *     from a sweep {@code setting}: the chosen one's number, from 0, and {@code top1.<number>} of each that did not diverge
 * @param heldOut what it says of the held-out images
 * @param reference what drift of the images that it is shown later is measured against
 */
public record ClassifierModel(
        Classifier classifier,
        Weights weights,
        Map<String, Double> metrics,
        HeldOutPredictions heldOut,
        Optional<Reference> reference)
        implements AutoCloseable {

    public ClassifierModel {
        metrics = Map.copyOf(metrics);
    }

    /** The same model, which more is known about; its weights are shared. */
    public ClassifierModel with(Map<String, Double> more) {
        Map<String, Double> all = new HashMap<>(metrics);
        all.putAll(more);
        return new ClassifierModel(classifier, weights, all, heldOut, reference);
    }

    /** What a checkpoint keeps of it beside its weights. */
    public Measured measured() {
        return new Measured(metrics, Optional.of(heldOut), reference);
    }

    @Override
    public void close() {
        weights.close();
    }
}
