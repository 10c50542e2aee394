package dev.tutelage.learning.recipe;

import dev.tutelage.learning.augment.CropAndFlip;

/**
 * Fine-tuning of the whole network on few labels, from a middle layer of the projection head (arXiv 2006.10029, section
 * 2).
 *
 * @param seed of all random choices
 * @param headLayers layers of the projection head to keep, 0..8 and at most its depth; the paper's is 1 for 1% and 10% of
 *     the labels, 0 for all
 * @param crop of each image
 * @param epochs passes over the images, 1..100000
 * @param batchSize images in a step, 2..65536
 * @param optimizer how weights follow gradients
 */
public record FineTuneRecipe(
        long seed, int headLayers, CropAndFlip crop, int epochs, int batchSize, OptimizerRecipe optimizer)
        implements Recipe {

    /** @throws InvalidRecipeException naming the field that is missing or out of its range */
    public FineTuneRecipe {
        Require.that(headLayers >= 0 && headLayers <= 8, "headLayers", "0..8", headLayers);
        Require.present(crop, "crop");
        Require.present(optimizer, "optimizer");
        Require.run(epochs, batchSize);
    }
}
