package dev.tutelage.learning.recipe;

import dev.tutelage.learning.augment.ColorJitter;
import dev.tutelage.learning.augment.CropAndFlip;
import dev.tutelage.learning.objective.NtXent;

/**
 * Contrastive pretraining without labels (arXiv 2006.10029, section 2).
 *
 * @param seed of all random choices
 * @param encoder the network that is wanted
 * @param head the network between it and the loss
 * @param crop of the two views of each image
 * @param jitter of the two views of each image
 * @param temperature of the contrastive loss, more than 0; the paper's is 0.1 on ImageNet and 0.5 on CIFAR
 * @param epochs passes over the images, 1..100000
 * @param batchSize images in a step, 2..65536, each seen in two views
 * @param optimizer how weights follow gradients
 */
public record PretrainRecipe(
        long seed,
        EncoderRecipe encoder,
        HeadRecipe head,
        CropAndFlip crop,
        ColorJitter jitter,
        double temperature,
        int epochs,
        int batchSize,
        OptimizerRecipe optimizer)
        implements Recipe {

    /** @throws InvalidRecipeException naming the field that is missing or out of its range */
    public PretrainRecipe {
        Require.present(encoder, "encoder");
        Require.present(head, "head");
        Require.present(crop, "crop");
        Require.present(jitter, "jitter");
        Require.present(optimizer, "optimizer");
        Require.that(temperature > 0 && temperature <= 100, "temperature", "more than 0 and at most 100", temperature);
        Require.run(epochs, batchSize);
    }

    /** The loss. */
    public NtXent objective() {
        return new NtXent(temperature);
    }
}
