package dev.tutelage.learning.recipe;

/**
 * Early stopping: a part of the training images is put aside, the loss on it is measured after every epoch, and the
 * weights of the epoch where it was least are the result.
 *
 * @param part of the images that is put aside, 0..0.5; 0 trains on all of them and keeps the last epoch's weights
 * @param patience epochs without a lower loss after which training stops, 0..100000; 0 trains all epochs
 */
public record ValidationRecipe(double part, int patience) {

    /** All images are trained on, and the last epoch's weights are kept. */
    public static final ValidationRecipe OFF = new ValidationRecipe(0, 0);

    /** @throws InvalidRecipeException naming the field that is out of its range */
    public ValidationRecipe {
        Require.that(part >= 0 && part <= 0.5, "validation.part", "0..0.5", part);
        Require.that(patience >= 0 && patience <= 100_000, "validation.patience", "0..100000", patience);
    }

    /** Whether any image is put aside. */
    public boolean on() {
        return part > 0;
    }
}
