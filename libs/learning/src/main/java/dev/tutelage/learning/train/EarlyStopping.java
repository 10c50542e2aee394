package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.recipe.ValidationRecipe;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** Keeps the weights of the epoch with the least validation loss, and ends a training that has not found better ones for long. */
final class EarlyStopping implements EpochEnd, AutoCloseable {

    private final ValidationRecipe recipe;
    private final Weights weights;
    private final DoubleSupplier loss;
    private final Weights best;
    private final NDManager scope;
    /** The least loss, its epoch, the last epoch; of a type that keeps the loss as it is. */
    private final NDArray record;

    /** @param loss of the weights as they are, on images put aside */
    EarlyStopping(ValidationRecipe recipe, Weights weights, DoubleSupplier loss) {
        this.recipe = recipe;
        this.weights = weights;
        this.loss = loss;
        this.best = weights.copy();
        this.scope = best.newScope();
        this.record = scope.create(new float[] {Float.MAX_VALUE, 0, 0}, new Shape(3));
    }

    /**
     * Trains with early stopping.
     *
     * @return {@code loss} of the last epoch, {@code validationLoss} of the best, and {@code bestEpoch}, from 1
     */
    static Map<String, Double> train(
            Training training, BatchLoss loss, ValidationRecipe recipe, Weights weights, ValidationLoss validation) {
        try (EarlyStopping stopping = new EarlyStopping(recipe, weights, validation)) {
            double last = training.run(loss, stopping);
            weights.assign(stopping.best);
            float[] known = stopping.record.toFloatArray();
            return Map.of("loss", last, "validationLoss", (double) known[0], "bestEpoch", known[1] + 1.0);
        }
    }

    @Override
    public Map<String, Double> look(int epoch) {
        // A float, as the record holds it: a resumed training must compare the same numbers.
        float now = (float) loss.getAsDouble();
        float[] known = record.toFloatArray();
        if (now < known[0]) {
            best.assign(weights);
            known = new float[] {now, epoch, epoch};
        }
        write(known[0], known[1], epoch);
        return Map.of("validationLoss", (double) now);
    }

    private void write(float least, float leastEpoch, float lastEpoch) {
        try (NDArray values = scope.create(new float[] {least, leastEpoch, lastEpoch})) {
            Weights.assign(record, values);
        }
    }

    @Override
    public boolean enough() {
        float[] known = record.toFloatArray();
        return recipe.patience() > 0 && known[2] - known[1] >= recipe.patience();
    }

    @Override
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        best.tensors().forEach((name, tensor) -> state.put("best/" + name, tensor));
        state.put("best", record);
        return state;
    }

    @Override
    public void close() {
        best.close();
    }
}
