package dev.tutelage.learning.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdamWTest {
    private static final double DECAY = 0.1;
    private static final float[] GRADIENTS = {0.5f, -2, 1e-3f, 0, 3, 0.25f, -1, 0.1f};

    @ParameterizedTest
    @ValueSource(strings = {Stepping.KERNEL, Stepping.HEAD})
    void kernelsAndMatricesFollowTheDecayingReference(String name) {
        assertThat(trained(name, 1)).isCloseTo(reference(DECAY, 1), within(2e-6f));
    }

    @ParameterizedTest
    @ValueSource(strings = {Stepping.SCALE, Stepping.SHIFT, Stepping.BIAS, Stepping.HEAD_BIAS})
    void normsAndBiasesDoNotDecay(String name) {
        assertThat(trained(name, 1)).isCloseTo(reference(0, 1), within(2e-6f));
    }

    /** Gradients of epsilon's size: here it matters to which root epsilon is added. */
    @Test
    void epsilonIsAddedToTheCorrectedRoot() {
        assertThat(trained(Stepping.SCALE, 1e-8f)).isCloseTo(reference(0, 1e-8f), within(2e-6f));
    }

    @Test
    void theFirstStepHasTheLearningRatesLength() {
        try (Stepping stepping = new Stepping(1, 1);
                AdamW adamW = new AdamW(stepping.weights(), 0.9, 0)) {
            stepping.step(adamW, 0.01, 1, 5, -0.2f);
            assertThat(stepping.values(Stepping.KERNEL)).containsExactly(new float[] {0.99f, 1.01f}, within(1e-6f));
        }
    }

    private static float trained(String name, float scale) {
        try (Stepping stepping = new Stepping(2, -7);
                AdamW adamW = new AdamW(stepping.weights(), 0.9, DECAY)) {
            for (int step = 1; step <= GRADIENTS.length; step++) {
                stepping.step(adamW, rate(step), step, scale * GRADIENTS[step - 1], 1);
            }
            return stepping.values(name)[0];
        }
    }

    /** The algorithm of Loshchilov and Hutter as PyTorch's documentation writes it, of one weight that starts at 2. */
    private static float reference(double decay, double scale) {
        double weight = 2;
        double mean = 0;
        double variance = 0;
        for (int step = 1; step <= GRADIENTS.length; step++) {
            double gradient = scale * GRADIENTS[step - 1];
            weight -= rate(step) * decay * weight;
            mean = 0.9 * mean + 0.1 * gradient;
            variance = 0.999 * variance + 0.001 * gradient * gradient;
            double correctedMean = mean / (1 - Math.pow(0.9, step));
            double correctedVariance = variance / (1 - Math.pow(0.999, step));
            weight -= rate(step) * correctedMean / (Math.sqrt(correctedVariance) + 1e-8);
        }
        return (float) weight;
    }

    private static double rate(int step) {
        return 0.02 / step;
    }
}
