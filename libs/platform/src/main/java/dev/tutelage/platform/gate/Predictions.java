package dev.tutelage.platform.gate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What a checkpoint takes held-out images for.
 *
 * @param classes how many there are
 * @param byImage by the SHA-256, in hex, of the image's encoded bytes
 */
public record Predictions(int classes, Map<String, Prediction> byImage) {

    public Predictions {
        byImage = Collections.unmodifiableMap(new LinkedHashMap<>(byImage));
    }

    /**
     * What one image is, and what it is taken for.
     *
     * @param label its class
     * @param predicted the likeliest class
     */
    public record Prediction(int label, int predicted) {

        boolean right() {
            return label == predicted;
        }
    }

    /** How many of each class's images are taken for it, in percent; not a number where no image is of the class. */
    List<Double> classRecall() {
        return IntStream.range(0, classes)
                .mapToObj(this::recall)
                .map(recall -> recall.orElse(Double.NaN))
                .toList();
    }

    private OptionalDouble recall(int label) {
        return byImage.values().stream()
                .filter(prediction -> prediction.label() == label)
                .mapToDouble(prediction -> prediction.right() ? 100 : 0)
                .average();
    }
}
