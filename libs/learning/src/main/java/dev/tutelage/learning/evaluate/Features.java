package dev.tutelage.learning.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Forward;
import dev.tutelage.learning.model.HeadPart;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Weights;

/** What an encoder makes of images, without augmentation. */
public final class Features {

    private Features() {}

    /**
     * The features of all images at the encoder's output.
     *
     * @param scope owns the result
     * @return [N, encoder.outputWidth]
     */
    public static NDArray of(ResNet encoder, Weights weights, ImageSet images, NDManager scope) {
        return of(encoder, HeadPart.hidden(encoder.outputWidth(), 0), weights, images, scope);
    }

    /**
     * The features of all images at a layer of the projection head.
     *
     * @param layers of the head up to that one
     * @param scope owns the result
     * @return [N, layers.outputWidth]
     */
    public static NDArray of(ResNet encoder, HeadPart layers, Weights weights, ImageSet images, NDManager scope) {
        Forward forward = new Forward(weights, Mode.EVALUATION);
        try (NDManager parts = scope.newSubManager()) {
            NDList features = new NDList();
            for (int[] batch : Batches.of(images.size())) {
                try (NDManager pass = parts.newSubManager()) {
                    NDArray part = layers.apply(forward, encoder.features(forward, images.batch(pass, batch)));
                    part.attach(parts);
                    features.add(part);
                }
            }
            NDArray all = features.size() == 1 ? features.get(0) : NDArrays.concat(features, 0);
            all.attach(scope);
            return all;
        }
    }
}
