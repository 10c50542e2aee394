package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Map;

/** A loss on some images of its set, which are numbered anew from 0. */
final class ChosenImages implements BatchLoss {

    private final int[] numbers;
    private final BatchLoss loss;

    /** @param numbers of the images in the loss's own set */
    ChosenImages(int[] numbers, BatchLoss loss) {
        this.numbers = numbers;
        this.loss = loss;
    }

    @Override
    public NDArray of(NDManager scope, int[] images, long step, int epoch) {
        int[] chosen = Arrays.stream(images).map(image -> numbers[image]).toArray();
        return loss.of(scope, chosen, step, epoch);
    }

    @Override
    public void stepped() {
        loss.stepped();
    }

    @Override
    public Map<String, NDArray> state() {
        return loss.state();
    }
}
