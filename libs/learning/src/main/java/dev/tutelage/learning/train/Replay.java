package dev.tutelage.learning.train;

import dev.tutelage.learning.random.Seed;
import java.util.Arrays;

/**
 * Which images an epoch sees: all new ones, and some of the old ones, drawn without replacement and anew for each epoch. In
 * the image set the new ones come first.
 *
 * <p>It keeps the draw of the epoch at hand, so one serves one thread.
 */
final class Replay {
    private final int fresh;
    private final int old;
    private final int replayed;
    private final Seed seed;

    private int epoch = -1;
    private int[] drawn = {};

    /**
     * @param fresh how many images are new
     * @param old how many there are to draw from
     * @param replayed how many of those an epoch draws, at most all
     * @param seed of the draws
     */
    Replay(int fresh, int old, int replayed, Seed seed) {
        if (replayed < 0 || replayed > old) {
            throw new IllegalArgumentException("an epoch cannot draw " + replayed + " of " + old + " images");
        }
        this.fresh = fresh;
        this.old = old;
        this.replayed = replayed;
        this.seed = seed.of("replay");
    }

    /** Images of an epoch. */
    int size() {
        return fresh + replayed;
    }

    /** Of those, old ones. */
    int replayed() {
        return replayed;
    }

    /**
     * Which images of the set a batch of an epoch's images is.
     *
     * @param batch numbers below {@link #size}
     */
    int[] images(int[] batch, int epoch) {
        return Arrays.stream(batch)
                .map(number -> number < fresh ? number : fresh + draw(epoch)[number - fresh])
                .toArray();
    }

    private int[] draw(int wanted) {
        if (wanted != epoch) {
            drawn = Arrays.copyOf(seed.of(wanted).permutation(old), replayed);
            epoch = wanted;
        }
        return drawn;
    }
}
