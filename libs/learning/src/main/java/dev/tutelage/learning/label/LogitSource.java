package dev.tutelage.learning.label;

import ai.djl.ndarray.NDArray;
import dev.tutelage.learning.data.ImageShape;

/** Whoever says what a batch of images shows. */
public interface LogitSource {

    /** The shape of the images it labels. */
    ImageShape images();

    /** How many classes it tells apart. */
    int classes();

    /**
     * The logits of a batch.
     *
     * @param batch float32 [N, C, H, W] in [0, 1], of any engine
     * @return [N * classes] in row-major order
     */
    float[] logits(NDArray batch);
}
