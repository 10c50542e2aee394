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
 * @param start what the weights are at first; the paper's are random
 * @param replay of a pretraining that goes on from a checkpoint: the part of an epoch's images that are drawn from those
 *     which the checkpoint has seen, beside all that are new, 0 or more and less than 1
 * @param warmEpochs of a pretraining that goes on from a checkpoint: what {@code epochs} is to one that starts at random,
 *     0..100000; 0 is as many
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
        OptimizerRecipe optimizer,
        Start start,
        double replay,
        int warmEpochs)
        implements Recipe {

    /** What the weights are at first. */
    public enum Start {
        /** Fresh ones. */
        RANDOM,
        /** Those of the task's newest pretrained checkpoint that fits; random if there is none. */
        PREVIOUS
    }

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
        Require.present(start, "start");
        Require.that(replay >= 0 && replay < 1, "replay", "0 or more and less than 1", replay);
        Require.that(warmEpochs >= 0 && warmEpochs <= 100_000, "warmEpochs", "0..100000", warmEpochs);
    }

    /**
     * How many images of an epoch are drawn from the old ones, beside all of the new ones: so many that they are the part
     * {@code replay} of the epoch, but not more than there are.
     *
     * @param fresh new images
     * @param old images that there are to draw from
     */
    public int replayed(int fresh, int old) {
        return (int) Math.min(old, Math.round(fresh * replay / (1 - replay)));
    }

    /**
     * This recipe for a training that goes on from a checkpoint: as long as {@code warmEpochs} says, and with a seed of its
     * own. With the same seed the images would come in the views of the training before, and add little.
     *
     * @param weights what tells the weights that it starts with from others, such as their hash
     */
    public PretrainRecipe goingOnFrom(String weights) {
        return new PretrainRecipe(
                new Seed(seed).of("warm start").of(weights).value(),
                encoder,
                head,
                crop,
                jitter,
                grayscale,
                blur,
                temperature,
                memory,
                probe,
                warmEpochs == 0 ? epochs : warmEpochs,
                batchSize,
                optimizer,
                start,
                replay,
                warmEpochs);
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
