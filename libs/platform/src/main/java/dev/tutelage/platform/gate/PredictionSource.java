package dev.tutelage.platform.gate;

import dev.tutelage.event.v1.CheckpointPublished;
import java.util.Optional;

/** Where the gate finds what checkpoints say of held-out images. */
@FunctionalInterface
public interface PredictionSource {

    /**
     * What a checkpoint says of the images that it was evaluated on; always the same.
     *
     * @return empty if that was not kept, or cannot be read
     * @throws dev.tutelage.platform.artifact.ArtifactStoreException if the store does not answer now
     */
    Optional<Predictions> of(CheckpointPublished checkpoint);
}
