package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.objective.NegativeQueue;
import dev.tutelage.learning.objective.NtXent;
import dev.tutelage.learning.optimizer.MovingAverage;
import dev.tutelage.learning.recipe.MemoryRecipe;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The contrastive loss with memory (arXiv 2006.10029, section 2): views are compared with what a moving average of encoder
 * and head makes of them and has made of past batches. The queue takes part as far as it is filled.
 */
final class MomentumContrast implements BatchLoss, AutoCloseable {

    /** The views of a step's images, [2N, C, H, W]. */
    @FunctionalInterface
    interface Views {
        NDArray of(NDManager scope, int[] batch, int epoch);
    }

    private final DataParallel.Network network;
    private final Weights weights;
    private final NtXent objective;
    private final Views views;
    private final MovingAverage average;
    private final Weights momentum;
    private final NegativeQueue queue;
    private final NDManager scope;
    /** The momentum network's outputs of the step at hand: they join the queue when the step is made. */
    private Optional<NDArray> pending = Optional.empty();

    private long pushed;

    /**
     * @param network from views [2N, C, H, W] to projections [2N, width]
     */
    MomentumContrast(
            DataParallel.Network network,
            int width,
            Weights weights,
            NtXent objective,
            MemoryRecipe recipe,
            Views views) {
        this.network = network;
        this.weights = weights;
        this.objective = objective;
        this.views = views;
        this.average = new MovingAverage(recipe.momentum());
        this.momentum = weights.copy();
        this.scope = momentum.newScope();
        this.queue = new NegativeQueue(scope, recipe.queue(), width);
    }

    @Override
    public NDArray of(NDManager stepScope, int[] images, long step, int epoch) {
        NDArray seen = views.of(stepScope, images, epoch);
        NDArray projections = network.apply(weights, seen);
        NDArray keys = NtXent.normalized(network.apply(momentum, seen));
        pushed = step * keys.getShape().get(0);
        NDArray loss = pushed == 0
                ? objective.loss(projections, keys)
                : objective.loss(projections, keys, queue.filled(stepScope, pushed));
        remember(keys);
        return loss;
    }

    /** Only when the loss is made: what is made of the keys belongs to the manager that they have at that time. */
    private void remember(NDArray keys) {
        pending.ifPresent(NDArray::close);
        keys.attach(scope);
        pending = Optional.of(keys);
    }

    @Override
    public void stepped() {
        average.follow(momentum, weights);
        queue.push(pending.orElseThrow(), pushed);
    }

    @Override
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        momentum.tensors().forEach((name, tensor) -> state.put("momentum/" + name, tensor));
        state.put("queue", queue.tensor());
        return state;
    }

    @Override
    public void close() {
        momentum.close();
    }
}
