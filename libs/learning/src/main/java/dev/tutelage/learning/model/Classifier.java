package dev.tutelage.learning.model;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/**
 * An encoder, the first layers of its projection head, and a linear classifier {@code fc} that starts at zero.
 *
 * @param encoder turns images into features
 * @param headLayers hidden layers of the projection head that are kept, 0 or more: 1 for the paper's fine-tuning with
 *     few labels, 0 for supervised training and for students
 * @param classes 2 or more
 */
public record Classifier(ResNet encoder, int headLayers, int classes) {

    /** @throws IllegalArgumentException naming the field that is out of its range */
    public Classifier {
        if (headLayers < 0) {
            throw new IllegalArgumentException("classifier: headLayers must be 0 or more, not " + headLayers);
        }
        if (classes < 2) {
            throw new IllegalArgumentException("classifier: classes must be 2 or more, not " + classes);
        }
    }

    /** All weights, from the input to the output. */
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>(encoder.parameters());
        parameters.addAll(ProjectionHead.hiddenParameters(encoder.outputWidth(), headLayers));
        parameters.addAll(Parameter.classifier("fc", encoder.outputWidth(), classes));
        return List.copyOf(parameters);
    }

    /** The forward pass up to the linear classifier: images [N, channels, H, W] to [N, encoder.outputWidth]. */
    public <V> V features(Operations<V> operations, V images) {
        return ProjectionHead.hidden(operations, encoder.features(operations, images), headLayers);
    }

    /** The forward pass: images [N, channels, H, W] to logits [N, classes]. */
    public <V> V logits(Operations<V> operations, V images) {
        return operations.dense(features(operations, images), "fc");
    }

    /** Runs the forward pass on a batch; the result belongs to the images' manager. */
    public NDArray logits(Weights weights, NDArray images, Mode mode) {
        return logits(new Forward(weights, mode), images);
    }
}
