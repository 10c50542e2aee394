package dev.tutelage.learning.recipe;

/**
 * Linear evaluation: a logistic regression on frozen features.
 *
 * @param seed of the order of images
 * @param epochs passes over the images, 1..100000; the authors' code makes 90
 * @param batchSize images in a step, 2..65536
 * @param optimizer how weights follow gradients
 */
public record LinearRecipe(long seed, int epochs, int batchSize, OptimizerRecipe optimizer) {

    /** @throws InvalidRecipeException naming the field that is missing or out of its range */
    public LinearRecipe {
        Require.present(optimizer, "optimizer");
        Require.run(epochs, batchSize);
    }
}
