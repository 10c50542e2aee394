package dev.tutelage.learning.train;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.ValidationRecipe;
import java.util.Map;
import java.util.function.IntFunction;

/** A training on all images, or on all but those that its recipe puts aside to stop early by. */
final class ValidatedTraining {

    private final ValidationRecipe recipe;
    private final int[] aside;
    private final int[] trained;

    /** @param images to train on; of labeled ones, as many of each class are put aside */
    ValidatedTraining(ValidationRecipe recipe, ImageSet images, Seed seed) {
        this.recipe = recipe;
        this.aside = recipe.on() ? LabeledSubset.draw(images, recipe.part(), seed.of("validation")) : new int[0];
        this.trained = LabeledSubset.others(images.size(), aside);
    }

    /**
     * Trains the weights.
     *
     * @param training of so many images
     * @param loss on numbers of the image set
     * @param validation the loss of images put aside, in evaluation
     * @return {@code loss} of the last epoch; with early stopping also what {@link EarlyStopping#train} tells
     */
    Map<String, Double> run(
            IntFunction<Training> training, Weights weights, BatchLoss loss, ValidationLoss.OfBatch validation) {
        ChosenImages chosen = new ChosenImages(trained, loss);
        Training ofChosen = training.apply(trained.length);
        return recipe.on()
                ? EarlyStopping.train(ofChosen, chosen, recipe, weights, new ValidationLoss(weights, aside, validation))
                : Map.of("loss", ofChosen.run(chosen));
    }
}
