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
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop that all stages share: batch, loss, gradient, step. It resumes from the newest usable snapshot; on one CPU
 * thread a resumed training ends with the same bits as an uninterrupted one.
 */
final class Training {

    private static final Logger LOG = LoggerFactory.getLogger(Training.class);

    /** A loss that is so many times the first one comes from weights that have gone astray. */
    private static final double EXPLODED = 100;

    private static final double LEAST_FIRST_LOSS = 0.1;

    private final Plan plan;
    private final Weights weights;
    private final OptimizerRecipe recipe;
    private final TrainingContext context;

    /** Step of the newest snapshot that this training knows of. */
    private long lastGood;

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
     * @throws DivergedException if a loss is not a number or many times the first one
     */
    double run(BatchLoss loss) {
        return run(loss, EpochEnd.NOTHING);
    }

    /** Trains as {@link #run(BatchLoss)} does, and looks at the weights after each epoch. */
    double run(BatchLoss loss, EpochEnd epochEnd) {
        weights.requireGradients(true);
        try (Optimizer optimizer = recipe.optimizer(weights)) {
            return run(loss, epochEnd, optimizer, resume(loss, epochEnd, optimizer));
        } catch (IOException e) {
            throw new UncheckedIOException(plan.phase() + ": snapshots failed: " + e.getMessage(), e);
        } finally {
            weights.requireGradients(false);
        }
    }

    private double run(BatchLoss loss, EpochEnd epochEnd, Optimizer optimizer, Snapshot start) throws IOException {
        Schedule schedule = recipe.schedule(plan.batchSize(), plan.steps());
        Pace pace = new Pace(plan, context);
        PlannedBatches batches = new PlannedBatches(plan);
        double epochLoss = start.epochLoss();
        double firstLoss = start.firstLoss();
        boolean over = false;
        for (long step = start.step(); step < plan.steps() && !over; step++) {
            if (plan.beginsEpoch(step)) {
                epochLoss = 0;
            }
            double rate = schedule.at(step);
            double stepLoss = step(loss, optimizer, batches.at(step), step, rate, firstLoss);
            firstLoss = step == 0 ? stepLoss : firstLoss;
            epochLoss += stepLoss;
            if (plan.beginsEpoch(step + 1)) {
                pace.measured(epochEnd.look(plan.epoch(step)));
                over = epochEnd.enough();
            }
            over |= step + 1 == plan.steps();
            pace.report(step + 1, stepLoss, rate, over);
            if (!over) {
                keep(loss, epochEnd, optimizer, pace, new Snapshot(step + 1, epochLoss, firstLoss));
            }
        }
        return epochLoss / plan.stepsPerEpoch();
    }

    private double step(
            BatchLoss batchLoss, Optimizer optimizer, int[] images, long step, double rate, double firstLoss) {
        try (NDManager scope = weights.newScope()) {
            double loss;
            try (GradientCollector gradients = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray value = batchLoss.of(scope, images, step, plan.epoch(step));
                loss = value.getFloat();
                gradients.backward(value);
            }
            if (!Double.isFinite(loss) || (step > 0 && loss > EXPLODED * Math.max(firstLoss, LEAST_FIRST_LOSS))) {
                throw new DivergedException(plan.phase(), step + 1, rate, loss, lastGood);
            }
            optimizer.step(weights, rate, step + 1);
            batchLoss.stepped();
            return loss;
        }
    }

    private Snapshot resume(BatchLoss loss, EpochEnd epochEnd, Optimizer optimizer) throws IOException {
        for (Path file : context.snapshots().newestFirst()) {
            try {
                Map<String, NDArray> tensors = Snapshot.tensors(weights, optimizer, loss, epochEnd);
                Snapshot snapshot = Snapshot.restore(file, plan.identity(), tensors);
                LOG.info("{} resumes after step {} of {}", plan.phase(), snapshot.step(), plan.steps());
                lastGood = snapshot.step();
                return snapshot;
            } catch (UnusableSnapshotException e) {
                LOG.warn("{}: passed over, an older one is tried", e.getMessage());
            }
        }
        return Snapshot.BEGINNING;
    }

    private void keep(BatchLoss loss, EpochEnd epochEnd, Optimizer optimizer, Pace pace, Snapshot snapshot)
            throws IOException {
        boolean stop = context.observer().stopRequested();
        if (stop || pace.snapshotDue()) {
            requireFiniteWeights(snapshot.step());
            save(snapshot, Snapshot.tensors(weights, optimizer, loss, epochEnd));
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
                    throw new DivergedException(plan.phase(), step, 0, sum, lastGood);
                }
            }
        }
    }

    private void save(Snapshot snapshot, Map<String, NDArray> tensors) throws IOException {
        Path file = Files.createTempFile("snapshot-", ".safetensors");
        try {
            snapshot.write(file, plan.identity(), tensors);
            context.snapshots().save(snapshot.step(), file);
            lastGood = snapshot.step();
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
