package dev.tutelage.learning.format;

import dev.tutelage.learning.evaluate.HeldOutPredictions;
import dev.tutelage.learning.evaluate.Reference;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured of a trained network and is kept with its weights.
 *
 * @param metrics by name, finite
 * @param heldOut what it says of held-out images, of a classifier
 * @param reference what drift is measured against, of a classifier
 */
public record Measured(
        Map<String, Double> metrics, Optional<HeldOutPredictions> heldOut, Optional<Reference> reference) {
    public Measured {
        metrics = Map.copyOf(metrics);
    }

    /** Numbers alone. */
    public static Measured of(Map<String, Double> metrics) {
        return new Measured(metrics, Optional.empty(), Optional.empty());
    }
}
