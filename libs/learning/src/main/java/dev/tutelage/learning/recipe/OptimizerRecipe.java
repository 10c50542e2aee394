package dev.tutelage.learning.recipe;

import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.optimizer.AdamW;
import dev.tutelage.learning.optimizer.Lars;
import dev.tutelage.learning.optimizer.Optimizer;
import dev.tutelage.learning.optimizer.Scaling;
import dev.tutelage.learning.optimizer.Schedule;
import dev.tutelage.learning.optimizer.Sgd;

/**
 * How weights follow gradients.
 *
 * @param kind LARS as in the paper; ADAMW and SGD for small data
 * @param learningRate the base rate, more than 0 and at most 100; the peak after warm-up is this, scaled
 * @param scaling how the peak grows with the batch size
 * @param warmup the part of all steps in which the rate rises, 0..0.9; a cosine to 0 follows
 * @param weightDecay 0..1
 * @param momentum 0 or more and less than 1; of AdamW, beta 1
 */
public record OptimizerRecipe(
        Kind kind, double learningRate, Scaling scaling, double warmup, double weightDecay, double momentum) {

    /** Which optimizer. */
    public enum Kind {
        LARS,
        ADAMW,
        SGD
    }

    /** @throws InvalidRecipeException naming the field that is out of its range */
    public OptimizerRecipe {
        Require.present(kind, "optimizer.kind");
        Require.present(scaling, "optimizer.scaling");
        Require.that(
                learningRate > 0 && learningRate <= 100,
                "optimizer.learningRate",
                "more than 0 and at most 100",
                learningRate);
        Require.that(warmup >= 0 && warmup <= 0.9, "optimizer.warmup", "0..0.9", warmup);
        Require.that(weightDecay >= 0 && weightDecay <= 1, "optimizer.weightDecay", "0..1", weightDecay);
        Require.that(momentum >= 0 && momentum < 1, "optimizer.momentum", "0 or more and less than 1", momentum);
    }

    /** A fresh optimizer for these weights. */
    public Optimizer optimizer(Weights weights) {
        return switch (kind) {
            case LARS -> new Lars(weights, momentum, weightDecay);
            case ADAMW -> new AdamW(weights, momentum, weightDecay);
            case SGD -> new Sgd(weights, momentum, weightDecay);
        };
    }

    /** The learning rate over a run of this many steps. */
    public Schedule schedule(int batchSize, long steps) {
        return new Schedule(scaling.rate(learningRate, batchSize), warmup, steps);
    }
}
