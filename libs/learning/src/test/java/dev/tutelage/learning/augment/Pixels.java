package dev.tutelage.learning.augment;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.data.FashionMnist;
import java.util.stream.IntStream;

/** Real images to change: grey ones of the sample, and coloured ones whose channels are grey images of their own. */
final class Pixels {

    private Pixels() {}

    /** [count, 1, 28, 28]. */
    static NDArray grey(NDManager manager, int count) {
        return FashionMnist.test().batch(manager, IntStream.range(0, count).toArray());
    }

    /** [count, 3, 20, 28], cut so that height and width differ. */
    static NDArray coloured(NDManager manager, int count) {
        return ofChannels(3, manager, count);
    }

    /** [count, channels, 20, 28]. */
    static NDArray ofChannels(int channels, NDManager manager, int count) {
        return grey(manager, channels * count).get(":,:,4:24,:").reshape(new Shape(count, channels, 20, 28));
    }
}
