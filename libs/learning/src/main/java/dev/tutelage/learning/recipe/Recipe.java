package dev.tutelage.learning.recipe;

/** What one stage of the method does, or which images it does that with. */
public sealed interface Recipe
        permits PretrainRecipe, FineTuneRecipe, SupervisedRecipe, LabelRecipe, DistillRecipe, SelectionRecipe {

    /** Where all of its random choices come from. */
    long seed();
}
