package dev.tutelage.platform.gate;

import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.platform.gate.Predictions.Prediction;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What checkpoints of a test say of held-out images, all of class 0 or, the second half, of class 1. */
public final class Seen implements PredictionSource {
    private final Map<String, Predictions> byCheckpoint = new HashMap<>();

    @Override
    public Optional<Predictions> of(CheckpointPublished checkpoint) {
        return Optional.ofNullable(byCheckpoint.get(checkpoint.getDigest()));
    }

    /**
     * A checkpoint that is wrong about some images.
     *
     * @param wrongFrom the first that it is wrong about
     * @param wrongTo the one after the last
     * @return its top-1 in percent
     */
    public double wrong(String checkpoint, String set, int images, int wrongFrom, int wrongTo) {
        Map<String, Prediction> byImage = new LinkedHashMap<>();
        for (int i = 0; i < images; i++) {
            int label = i < images / 2 ? 0 : 1;
            boolean right = i < wrongFrom || i >= wrongTo;
            byImage.put(set + i, new Prediction(label, right ? label : 1 - label));
        }
        byCheckpoint.put(checkpoint, new Predictions(2, byImage));
        return 100.0 * (images - (wrongTo - wrongFrom)) / images;
    }
}
