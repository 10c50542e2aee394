package dev.tutelage.learning.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.random.Seed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One channel of a batch 1, 2, 3, 6: its mean is 3, its variance 3.5, its unbiased variance 14 / 3. */
class BatchNormTest {
    private static final float[] BATCH = {1, 2, 3, 6};

    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final Weights weights = Weights.initialize(Parameter.batchNorm("bn", 1, 2), new Seed(1));
    private final NDArray batch = manager.create(BATCH, new Shape(2, 1, 1, 2));

    @AfterEach
    void free() {
        weights.close();
        manager.close();
    }

    @Test
    void trainingNormalisesWithTheBatchAndMovesTheRunningStatistics() {
        weights.get("bn.bias").set(new float[] {10});
        float[] output =
                new Forward(weights, Mode.TRAINING).batchNorm(batch, "bn").toFloatArray();
        for (int i = 0; i < BATCH.length; i++) {
            double normalised = (BATCH[i] - 3) / Math.sqrt(3.5 + 1e-5);
            assertThat(output[i]).isCloseTo((float) (10 + 2 * normalised), within(1e-5f));
        }
        assertThat(running("mean")).isCloseTo(0.3f, within(1e-6f));
        assertThat(running("var")).isCloseTo((float) (0.9 + 0.1 * 14 / 3), within(1e-6f));
        new Forward(weights, Mode.TRAINING).batchNorm(batch, "bn");
        assertThat(running("mean")).isCloseTo(0.57f, within(1e-6f));
    }

    @Test
    void evaluationNormalisesWithTheRunningStatisticsAndLeavesThemAlone() {
        weights.get("bn.running_mean").set(new float[] {5});
        weights.get("bn.running_var").set(new float[] {4});
        float[] output =
                new Forward(weights, Mode.EVALUATION).batchNorm(batch, "bn").toFloatArray();
        assertThat(output).containsExactly(new float[] {-4, -3, -2, 1}, within(1e-4f));
        assertThat(running("mean")).isEqualTo(5);
        assertThat(running("var")).isEqualTo(4);
    }

    @Test
    void featuresAreNormalisedAsImagesAre() {
        float[] output = new Forward(weights, Mode.TRAINING)
                .batchNorm(manager.create(BATCH, new Shape(4, 1)), "bn")
                .toFloatArray();
        assertThat(output[3]).isCloseTo((float) (2 * 3 / Math.sqrt(3.5 + 1e-5)), within(1e-5f));
        assertThat(running("mean")).isCloseTo(0.3f, within(1e-6f));
    }

    private float running(String statistic) {
        return weights.get("bn.running_" + statistic).toFloatArray()[0];
    }
}
