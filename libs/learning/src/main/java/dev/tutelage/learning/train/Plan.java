package dev.tutelage.learning.train;

import dev.tutelage.learning.random.Seed;
import java.util.Arrays;

/**
 * Which images a phase of training sees in which step. Every epoch has its own random order; images that do not fill a
 * last batch sit that epoch out.
 *
 * @param phase its name
 * @param identity of the run and phase, so that no other one's snapshot is taken for its own
 * @param examples images there are
 * @param batchSize images in a step
 * @param epochs passes over the images
 * @param seed of the orders
 */
record Plan(String phase, String identity, int examples, int batchSize, int epochs, Seed seed) {

    Plan {
        if (examples < 2) {
            throw new IllegalArgumentException(phase + " needs 2 images or more, not " + examples);
        }
        batchSize = Math.min(batchSize, examples);
    }

    int stepsPerEpoch() {
        return examples / batchSize;
    }

    long steps() {
        return (long) stepsPerEpoch() * epochs;
    }

    /** The epoch of a step, both from 0. */
    int epoch(long step) {
        return (int) (step / stepsPerEpoch());
    }

    boolean beginsEpoch(long step) {
        return step % stepsPerEpoch() == 0;
    }

    int[] order(int epoch) {
        return seed.of("order").of(epoch).permutation(examples);
    }

    /** The images of a step, as numbers of the image set. */
    int[] batch(int[] order, long step) {
        int start = (int) (step % stepsPerEpoch()) * batchSize;
        return Arrays.copyOfRange(order, start, start + batchSize);
    }
}
