package dev.tutelage.platform.gate;

import dev.tutelage.event.v1.CheckpointPublished;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A checkpoint that competes for a role, or holds it.
 *
 * @param predictions of held-out images, if they were kept
 */
record Candidate(CheckpointPublished checkpoint, Optional<Predictions> predictions) {
    private static final String MODEL = "model.onnx";

    /** Held-out top-1 in percent. */
    OptionalDouble top1() {
        return metric("top1");
    }

    /** 0 to 1. */
    OptionalDouble calibrationError() {
        return metric("calibrationError");
    }

    /** For one image, where it was evaluated. */
    OptionalDouble latencyMillis() {
        return metric("latencyMillis");
    }

    private OptionalDouble metric(String name) {
        return checkpoint.containsMetrics(name)
                ? OptionalDouble.of(checkpoint.getMetricsOrThrow(name))
                : OptionalDouble.empty();
    }

    /** The size of its ONNX model. */
    OptionalDouble modelBytes() {
        return checkpoint.getFilesList().stream()
                .filter(file -> file.getName().equals(MODEL))
                .mapToDouble(file -> (double) file.getSize())
                .findFirst();
    }
}
