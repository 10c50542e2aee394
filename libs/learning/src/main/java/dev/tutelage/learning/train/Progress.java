package dev.tutelage.learning.train;

import java.util.Map;

/**
 * How far a training is.
 *
 * @param phase what is being trained, for example {@code pretrain}
 * @param step steps done
 * @param totalSteps of the phase
 * @param epoch the current pass over the images, from 1
 * @param epochs of the phase
 * @param loss of the last step
 * @param learningRate of the last step
 * @param imagesPerSecond since this process began the phase; an image counts once, however many views are made of it
 * @param secondsLeft until the end of the phase at this speed
 * @param metrics measured after the latest epochs, by name, such as {@code knn} in percent; none if nothing was measured
 */
public record Progress(
        String phase,
        long step,
        long totalSteps,
        int epoch,
        int epochs,
        double loss,
        double learningRate,
        double imagesPerSecond,
        double secondsLeft,
        Map<String, Double> metrics) {

    public Progress {
        metrics = Map.copyOf(metrics);
    }
}
