package dev.tutelage.learning.recipe;

import dev.tutelage.learning.augment.ColorJitter;
import dev.tutelage.learning.augment.CropAndFlip;
import dev.tutelage.learning.augment.GaussianBlur;
import dev.tutelage.learning.augment.Grayscale;
import dev.tutelage.learning.objective.NtXent;
import dev.tutelage.learning.random.Seed;

/**
 * Contrastive pretraining without labels (arXiv 2006.10029, section 2).
 *
 * @param seed of all random choices
 * @param encoder the network that is wanted
 * @param head the network between it and the loss
 * @param crop of the two views of each image
 * @param jitter of the two views of each image
 * @param grayscale of the two views of each image
 * @param blur the probability of a view being blurred, 0..1, see {@link GaussianBlur}
 * @param temperature of the contrastive loss, more than 0; the paper's is 0.1 on ImageNet and 0.5 on CIFAR
 * @param memory what views are compared with beyond their batch
 * @param probe whether features are looked at on the way; the paper's are not
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
        Grayscale grayscale,
        double blur,
        double temperature,
        MemoryRecipe memory,
        ProbeRecipe probe,
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
        Require.present(grayscale, "grayscale");
        Require.that(blur >= 0 && blur <= 1, "blur", "0..1", blur);
        Require.present(optimizer, "optimizer");
        Require.that(temperature > 0 && temperature <= 100, "temperature", "more than 0 and at most 100", temperature);
        Require.present(memory, "memory");
        Require.present(probe, "probe");
        Require.run(epochs, batchSize);
        Require.that(
                !memory.on() || memory.queue() >= 2 * batchSize,
                "memory.queue",
                "0, or at least the two views of a batch of " + batchSize,
                memory.queue());
    }

    /**
     * From which alone a view of an image is made: crop, jitter, greyscale and blur.
     *
     * @param digest of the image's encoded bytes
     * @param epoch from 0
     * @param view 0 or 1
     */
    public Seed viewSeed(String digest, int epoch, int view) {
        return new Seed(seed).of("pretrain views").of(digest).of(epoch).of(view);
    }

    /** The loss. */
    public NtXent objective() {
        return new NtXent(temperature);
    }
}
