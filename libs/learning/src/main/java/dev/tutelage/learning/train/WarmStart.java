package dev.tutelage.learning.train;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Weights;
import java.util.Objects;
import java.util.Optional;

/**
 * What a pretraining goes on from: weights of an earlier one, and images that those have learned from.
 *
 * <p>Only the weights are taken over, the running statistics of batch normalisation among them. The optimizer begins afresh
 * with the recipe's own schedule: the rate of a training that has ended is 0, and moments that were averaged at such small
 * steps would say little about larger ones. A momentum network, which follows the weights, begins as a copy of them.
 *
 * @param from encoder, head and weights; stays the caller's
 * @param replayed images that it was trained on, from which an epoch draws some again so that they are not unlearned; empty
 *     if only new ones are to be seen
 */
public record WarmStart(PretrainedModel from, Optional<ImageSet> replayed) {

    public WarmStart {
        replayed = replayed.map(ImageSet::withoutLabels);
    }

    /**
     * A copy of the weights, for the networks that a recipe wants.
     *
     * @throws IllegalArgumentException naming the first field in which the networks differ
     */
    Weights weights(ResNet encoder, ProjectionHead head) {
        ResNet known = from.encoder();
        same("channels", known.channels(), encoder.channels());
        same("encoder.width", known.width(), encoder.width());
        same("encoder.blocks", known.blocks(), encoder.blocks());
        same("encoder.block", known.block(), encoder.block());
        same("encoder.stem", known.stem(), encoder.stem());
        same("encoder.selectiveKernels", known.selectiveKernels(), encoder.selectiveKernels());
        same("head.depth", from.head().depth(), head.depth());
        same("head.outputWidth", from.head().outputWidth(), head.outputWidth());
        return Weights.of(
                PretrainedModel.parameters(encoder, head), from.weights().tensors());
    }

    /** Tells these weights from others. */
    String identity() {
        return new Identity("weights", "").with(from.weights()).hex();
    }

    private static void same(String field, Object known, Object wanted) {
        if (!Objects.equals(known, wanted)) {
            throw new IllegalArgumentException(
                    "start: the checkpoint has " + field + " " + known + ", the recipe wants " + wanted
                            + ": pretraining can only go on with the network that it began with");
        }
    }
}
