package dev.tutelage.learning.recipe;

/**
 * Which of the images that a teacher has labeled a student learns from. Each criterion looks at what the ones before it
 * left, in this order: confidence, agreement, the best of each class, balance.
 *
 * @param seed of all random choices
 * @param minConfidence how likely the likeliest class must be, 0..1, by the mean over an image's views at temperature 1; 0
 *     asks nothing
 * @param agreement teachers that must think the same class the likeliest, the current one and those that were teacher before
 *     it, 1..16; 1 asks no other
 * @param topPerClass images of each class to take, the most confident ones, 0..100000000; 0 takes all
 * @param maxImbalance how many images a class may have for each image of the rarest class that has any, 1 or more; which
 *     ones go is drawn by the seed; 0 lets classes be as they are
 */
public record SelectionRecipe(long seed, double minConfidence, int agreement, int topPerClass, double maxImbalance)
        implements Recipe {

    /** @throws InvalidRecipeException naming the field that is out of its range */
    public SelectionRecipe {
        Require.that(minConfidence >= 0 && minConfidence <= 1, "minConfidence", "0..1", minConfidence);
        Require.that(agreement >= 1 && agreement <= 16, "agreement", "1..16", agreement);
        Require.that(topPerClass >= 0 && topPerClass <= 100_000_000, "topPerClass", "0..100000000", topPerClass);
        Require.that(
                maxImbalance == 0 || (maxImbalance >= 1 && maxImbalance <= 1_000_000),
                "maxImbalance",
                "0 or 1..1000000",
                maxImbalance);
    }

    /** Whether no criterion leaves anything out. */
    public boolean keepsEverything() {
        return minConfidence == 0 && agreement == 1 && topPerClass == 0 && maxImbalance == 0;
    }
}
