package dev.tutelage.learning.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Weights;

/** What an encoder makes of images, without augmentation. */
public final class Features {

    private Features() {}

    /**
     * The features of all images.
     *
     * @param scope owns the result
     * @return [N, encoder.outputWidth]
     */
    public static NDArray of(ResNet encoder, Weights weights, ImageSet images, NDManager scope) {
        try (NDManager parts = scope.newSubManager()) {
            NDList features = new NDList();
            for (int[] batch : Batches.of(images.size())) {
                try (NDManager pass = parts.newSubManager()) {
                    NDArray part = encoder.features(weights, images.batch(pass, batch), Mode.EVALUATION);
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
