package dev.tutelage.learning.optimizer;

import ai.djl.ndarray.NDArray;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.Weights;

/**
 * The momentum network (MoCo, arXiv 1911.05722, equation 2): {@code m <- decay m + (1 - decay) w} for every weight.
 *
 * <p>Batch normalisation's running statistics are not averaged: the momentum network normalises with the statistics of the
 * batches that it sees itself, and keeps its own running ones.
 *
 * @param decay how much of the average a step keeps, 0..1; the paper's is 0.999
 */
public record MovingAverage(double decay) {

    /** Moves the average one step towards the weights, which have the same architecture. */
    public void follow(Weights average, Weights weights) {
        for (Parameter parameter : weights.trainable()) {
            try (NDArray current = weights.get(parameter.name()).stopGradient();
                    NDArray distance = current.sub(average.get(parameter.name()))) {
                average.get(parameter.name()).addi(distance.muli(1 - decay));
            }
        }
    }
}
