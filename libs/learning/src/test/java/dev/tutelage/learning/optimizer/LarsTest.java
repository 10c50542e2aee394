package dev.tutelage.learning.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights (3, 4) have norm 5; what follows is worked out by hand. */
class LarsTest {

    /** Gradient norm 1, so r = 0.005, then with norm 4.99 r = 0.00499; both times lr is 2. */
    @Test
    void momentumCarriesAdaptedSteps() {
        try (Stepping stepping = new Stepping(3, 4);
                Lars lars = new Lars(stepping.weights(), 0.9, 0)) {
            stepping.step(lars, 2, 1, 0.6f, 0.8f);
            assertThat(stepping.values(Stepping.KERNEL)).containsExactly(new float[] {2.994f, 3.992f}, within(1e-6f));
            stepping.step(lars, 2, 2, 0.6f, 0.8f);
            assertThat(stepping.values(Stepping.KERNEL))
                    .containsExactly(new float[] {2.982612f, 3.976816f}, within(1e-6f));
            assertThat(Stepping.values(lars.state(), Stepping.KERNEL + ".velocity"))
                    .containsExactly(new float[] {0.011388f, 0.015184f}, within(1e-7f));
        }
    }

    /** With decay 0.1 the gradient is (0.9, 1.2) of norm 1.5, so r = 1/300 and the step 3 / 300 of it. */
    @Test
    void decayCountsInTheAdaptation() {
        try (Stepping stepping = new Stepping(3, 4);
                Lars lars = new Lars(stepping.weights(), 0.9, 0.1)) {
            stepping.step(lars, 3, 1, 0.6f, 0.8f);
            assertThat(stepping.values(Stepping.KERNEL)).containsExactly(new float[] {2.991f, 3.988f}, within(1e-6f));
        }
    }

    /** Plain momentum: v = 0.06, 0.08; then 0.9 of it more. */
    @ParameterizedTest
    @ValueSource(strings = {Stepping.SCALE, Stepping.SHIFT, Stepping.BIAS, Stepping.HEAD, Stepping.HEAD_BIAS})
    void normsBiasesAndTheSupervisedHeadNeitherDecayNorAdapt(String name) {
        try (Stepping stepping = new Stepping(3, 4);
                Lars lars = new Lars(stepping.weights(), 0.9, 0.1)) {
            stepping.step(lars, 0.1, 1, 0.6f, 0.8f);
            assertThat(stepping.values(name)).containsExactly(new float[] {2.94f, 3.92f}, within(1e-6f));
            stepping.step(lars, 0.1, 2, 0.6f, 0.8f);
            assertThat(stepping.values(name)).containsExactly(new float[] {2.826f, 3.768f}, within(1e-6f));
        }
    }

    @Test
    void weightsOfZeroAreNotAdapted() {
        try (Stepping stepping = new Stepping(0, 0);
                Lars lars = new Lars(stepping.weights(), 0.9, 0.1)) {
            stepping.step(lars, 0.5, 1, 0.6f, 0.8f);
            assertThat(stepping.values(Stepping.KERNEL)).containsExactly(new float[] {-0.3f, -0.4f}, within(1e-6f));
        }
    }

    @Test
    void withoutGradientAndDecayNothingMoves() {
        try (Stepping stepping = new Stepping(3, 4);
                Lars lars = new Lars(stepping.weights(), 0.9, 0)) {
            stepping.step(lars, 1, 1, 0, 0);
            assertThat(stepping.values(Stepping.KERNEL)).containsExactly(3, 4);
        }
    }
}
