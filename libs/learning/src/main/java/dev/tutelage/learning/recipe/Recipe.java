package dev.tutelage.learning.recipe;

/** What one stage of the method does. */
public sealed interface Recipe permits PretrainRecipe, FineTuneRecipe, SupervisedRecipe, LabelRecipe, DistillRecipe {

    /** Where all of the stage's random choices come from. */
    long seed();
}
