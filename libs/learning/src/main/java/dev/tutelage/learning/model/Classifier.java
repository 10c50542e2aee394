package dev.tutelage.learning.model;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/**
 * An encoder, the first layers of its projection head, and a linear classifier {@code fc} that starts at zero.
 *
 * @param encoder turns images into features
 * @param head the layers of the projection head that are kept: one for the paper's fine-tuning with few labels, none for
 *     supervised training and for students
 * @param classes 2 or more
 */
public record Classifier(ResNet encoder, HeadPart head, int classes) {

    /** @throws IllegalArgumentException naming the field that is out of its range */
    public Classifier {
        if (head.inputWidth() != encoder.outputWidth()) {
            throw new IllegalArgumentException("classifier: the head takes features of width " + head.inputWidth()
                    + ", the encoder makes " + encoder.outputWidth());
        }
        if (classes < 2) {
            throw new IllegalArgumentException("classifier: classes must be 2 or more, not " + classes);
        }
    }

    /** A classifier on the encoder's features, without any layer of a head. */
    public static Classifier withoutHead(ResNet encoder, int classes) {
        return new Classifier(encoder, HeadPart.hidden(encoder.outputWidth(), 0), classes);
    }

    /** All weights, from the input to the output. */
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>(encoder.parameters());
        parameters.addAll(head.parameters());
        parameters.addAll(Parameter.classifier("fc", head.outputWidth(), classes));
        return List.copyOf(parameters);
    }

    /** The forward pass: images [N, channels, H, W] to logits [N, classes]. */
    public <V> V logits(Operations<V> operations, V images) {
        return logitsOfFeatures(operations, encoder.features(operations, images));
    }

    /** The forward pass behind the encoder: its features [N, encoder.outputWidth] to logits [N, classes]. */
    public <V> V logitsOfFeatures(Operations<V> operations, V features) {
        return operations.dense(head.apply(operations, features), "fc");
    }

    /** Runs the forward pass on a batch; the result belongs to the images' manager. */
    public NDArray logits(Weights weights, NDArray images, Mode mode) {
        return logits(new Forward(weights, mode), images);
    }
}
