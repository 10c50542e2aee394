package dev.tutelage.learning.recipe;

import dev.tutelage.learning.augment.CropAndFlip;
import java.util.List;

/**
 * The supervised baseline: the same kind of encoder trained from scratch on the labels alone. It runs every setting of a
 * small sweep and keeps the one with the best held-out accuracy, which favours the baseline: no other stage of a run
 * chooses by held-out images.
 *
 * @param seed of all random choices
 * @param encoder the network
 * @param labelFraction the part of the labeled images that is used, see {@link FineTuneRecipe#labelFraction}; recipes of
 *     equal seed and fraction use the same images
 * @param batchSize images in a step, 2..65536
 * @param sweep the settings to try, 1 or more
 */
public record SupervisedRecipe(
        long seed, EncoderRecipe encoder, double labelFraction, int batchSize, List<Setting> sweep) implements Recipe {

    /**
     * One setting of the sweep.
     *
     * @param crop of each image
     * @param epochs passes over the images, 1..100000
     * @param optimizer how weights follow gradients
     */
    public record Setting(CropAndFlip crop, int epochs, OptimizerRecipe optimizer) {

        /** @throws InvalidRecipeException naming the field that is missing or out of its range */
        public Setting {
            Require.present(crop, "sweep.crop");
            Require.present(optimizer, "sweep.optimizer");
            Require.that(epochs >= 1 && epochs <= 100_000, "sweep.epochs", "1..100000", epochs);
        }
    }

    /** @throws InvalidRecipeException naming the field that is missing or out of its range */
    public SupervisedRecipe {
        Require.present(encoder, "encoder");
        Require.labelFraction(labelFraction);
        Require.present(sweep, "sweep");
        sweep = List.copyOf(sweep);
        Require.that(!sweep.isEmpty(), "sweep", "1 or more settings", "empty");
        Require.run(sweep.get(0).epochs(), batchSize);
    }
}
