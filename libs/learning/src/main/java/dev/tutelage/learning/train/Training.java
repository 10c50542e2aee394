package dev.tutelage.learning.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.optimizer.Optimizer;
import dev.tutelage.learning.optimizer.Schedule;
import dev.tutelage.learning.recipe.OptimizerRecipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop that all stages share: batch, loss, gradient, step. It resumes from the newest usable snapshot; on one CPU
 * thread a resumed training ends with the same bits as an uninterrupted one.
 */
final class Training {

    private static final Logger LOG = LoggerFactory.getLogger(Training.class);

    private final Plan plan;
    private final Weights weights;
    private final OptimizerRecipe recipe;
    private final TrainingContext context;

    Training(Plan plan, Weights weights, OptimizerRecipe recipe, TrainingContext context) {
        this.plan = plan;
        this.weights = weights;
        this.recipe = recipe;
        this.context = context;
    }

    /**
     * Trains the weights in place.
     *
     * @return the mean loss of the last epoch
     * @throws TrainingStopped if the observer asked for it
     * @throws DivergedException if a loss is not a number
     */
    double run(BatchLoss loss) {
        weights.requireGradients(true);
        try (Optimizer optimizer = recipe.optimizer(weights)) {
            return run(loss, optimizer, resume(loss, optimizer));
        } catch (IOException e) {
            throw new UncheckedIOException(plan.phase() + ": snapshots failed: " + e.getMessage(), e);
        } finally {
            weights.requireGradients(false);
        }
    }

    private double run(BatchLoss loss, Optimizer optimizer, Snapshot start) throws IOException {
        Schedule schedule = recipe.schedule(plan.batchSize(), plan.steps());
        Pace pace = new Pace(plan, context);
        int[] order = plan.order(plan.epoch(start.step()));
        double epochLoss = start.epochLoss();
        for (long step = start.step(); step < plan.steps(); step++) {
            if (plan.beginsEpoch(step)) {
                order = plan.order(plan.epoch(step));
                epochLoss = 0;
            }
            double rate = schedule.at(step);
            double stepLoss = step(loss, optimizer, plan.batch(order, step), step, rate);
            epochLoss += stepLoss;
            pace.report(step + 1, stepLoss, rate);
            keep(loss, optimizer, pace, new Snapshot(step + 1, epochLoss));
        }
        return epochLoss / plan.stepsPerEpoch();
    }

    private double step(BatchLoss batchLoss, Optimizer optimizer, int[] images, long step, double rate) {
        try (NDManager scope = weights.newScope()) {
            double loss;
            try (GradientCollector gradients = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray value = batchLoss.of(scope, images, step, plan.epoch(step));
                loss = value.getFloat();
                gradients.backward(value);
            }
            if (!Double.isFinite(loss)) {
                throw new DivergedException(plan.phase(), step + 1, rate, loss);
            }
            optimizer.step(weights, rate, step + 1);
            batchLoss.stepped();
            return loss;
        }
    }

    private Snapshot resume(BatchLoss loss, Optimizer optimizer) throws IOException {
        for (Path file : context.snapshots().newestFirst()) {
            try {
                Snapshot snapshot = Snapshot.restore(file, plan.identity(), Snapshot.tensors(weights, optimizer, loss));
                LOG.info("{} resumes after step {} of {}", plan.phase(), snapshot.step(), plan.steps());
                return snapshot;
            } catch (UnusableSnapshotException e) {
                LOG.warn("{}: passed over, an older one is tried", e.getMessage());
            }
        }
        return new Snapshot(0, 0);
    }

    private void keep(BatchLoss loss, Optimizer optimizer, Pace pace, Snapshot snapshot) throws IOException {
        boolean last = snapshot.step() == plan.steps();
        boolean stop = !last && context.observer().stopRequested();
        if (stop || (!last && pace.snapshotDue())) {
            requireFiniteWeights(snapshot.step());
            save(loss, optimizer, snapshot);
        }
        if (stop) {
            throw new TrainingStopped(plan.phase(), snapshot.step());
        }
    }

    /** A snapshot of broken weights would be the newest one, and every resumption would break at once. */
    private void requireFiniteWeights(long step) {
        try (NDManager scope = weights.newScope()) {
            for (Parameter parameter : weights.trainable()) {
                NDArray values = weights.get(parameter.name()).stopGradient();
                values.attach(scope);
                double sum = values.sum().getFloat();
                if (!Double.isFinite(sum)) {
                    throw new DivergedException(plan.phase(), step, 0, sum);
                }
            }
        }
    }

    private void save(BatchLoss loss, Optimizer optimizer, Snapshot snapshot) throws IOException {
        Path file = Files.createTempFile("snapshot-", ".safetensors");
        try {
            snapshot.write(file, plan.identity(), Snapshot.tensors(weights, optimizer, loss));
            context.snapshots().save(snapshot.step(), file);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
