package dev.tutelage.learning.recipe;

import dev.tutelage.learning.augment.CropAndFlip;

/**
 * Fine-tuning on few labels from a middle layer of the projection head (arXiv 2006.10029, section 2).
 *
 * @param seed of all random choices
 * @param headLayers layers of the projection head to keep, 0..8 and at most its depth; the paper's is 1 for 1% and 10% of
 *     the labels, 0 for all
 * @param trained which weights learn; the paper's is the whole network
 * @param labelFraction the part of the labeled images that is used, more than 0 and at most 1, the same number of each
 *     class; the paper's are 0.01, 0.1 and 1 of ImageNet
 * @param crop of each image
 * @param epochs passes over the images, 1..100000
 * @param batchSize images in a step, 2..65536
 * @param optimizer how weights follow gradients
 * @param validation whether a part of the labels decides when to stop; the paper's is off
 */
public record FineTuneRecipe(
        long seed,
        int headLayers,
        Trained trained,
        double labelFraction,
        CropAndFlip crop,
        int epochs,
        int batchSize,
        OptimizerRecipe optimizer,
        ValidationRecipe validation)
        implements Recipe {

    /** Which weights learn. */
    public enum Trained {
        /** Encoder, the layers of the head that are kept, and classifier. */
        WHOLE,
        /** The layers of the head that are kept, and the classifier; the encoder stays as pretraining left it. */
        HEAD
    }

    /** @throws InvalidRecipeException naming the field that is missing or out of its range */
    public FineTuneRecipe {
        Require.that(headLayers >= 0 && headLayers <= 8, "headLayers", "0..8", headLayers);
        Require.present(trained, "trained");
        Require.labelFraction(labelFraction);
        Require.present(crop, "crop");
        Require.present(optimizer, "optimizer");
        Require.present(validation, "validation");
        Require.run(epochs, batchSize);
    }
}
