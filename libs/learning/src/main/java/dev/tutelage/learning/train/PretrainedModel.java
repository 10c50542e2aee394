package dev.tutelage.learning.train;

import dev.tutelage.learning.evaluate.Spread;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Weights;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What pretraining makes. It owns its weights.
 *
 * @param encoder turns images into features
 * @param head turns features into what the contrastive loss compares
 * @param weights of both
 * @param metrics {@code loss}: the mean contrastive loss of the last epoch; {@code deviation}, {@code alignment} and
 *     {@code uniformity} of projections, see {@link Spread}; {@code knn} and {@code linear} in percent if there was a {@link Probe};
 *     {@code images.new} and {@code images.replayed}, images of an epoch, if it went on from a {@link WarmStart}
 */
public record PretrainedModel(ResNet encoder, ProjectionHead head, Weights weights, Map<String, Double> metrics)
        implements AutoCloseable {

    public PretrainedModel {
        metrics = Map.copyOf(metrics);
    }

    /** The model of a pretrained or imported checkpoint, whose weights become the model's. */
    public static PretrainedModel of(Checkpoint checkpoint) {
        return new PretrainedModel(
                checkpoint.pretrained().encoder(),
                checkpoint.pretrained().head(),
                checkpoint.weights(),
                checkpoint.manifest().metrics());
    }

    /** The weights that such a model has. */
    public static List<Parameter> parameters(ResNet encoder, ProjectionHead head) {
        return Stream.concat(encoder.parameters().stream(), head.parameters().stream())
                .toList();
    }

    @Override
    public void close() {
        weights.close();
    }
}
