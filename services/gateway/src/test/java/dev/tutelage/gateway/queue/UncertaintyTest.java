package dev.tutelage.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class UncertaintyTest {

    @Test
    void theMarginIsBetweenTheTwoLikeliestWhereverTheyAre() {
        assertThat(Uncertainty.margin(new double[] {0.2, 0.5, 0.3})).isCloseTo(0.2, within(1e-12));
        assertThat(Uncertainty.margin(new double[] {0.5, 0.1, 0.4})).isCloseTo(0.1, within(1e-12));
        assertThat(Uncertainty.margin(new double[] {0.5, 0.5})).isZero();
        assertThat(Uncertainty.margin(new double[] {1})).isEqualTo(1);
    }

    @Test
    void theEntropyIsThatOfTheDistributionInNats() {
        assertThat(Uncertainty.entropy(new double[] {0.25, 0.25, 0.25, 0.25})).isCloseTo(Math.log(4), within(1e-12));
        assertThat(Uncertainty.entropy(new double[] {1, 0})).isZero();
        // -(0.9 ln 0.9 + 0.1 ln 0.1)
        assertThat(Uncertainty.entropy(new double[] {0.9, 0.1})).isCloseTo(0.325082973, within(1e-8));
    }

    @Test
    void theDivergenceIsTheMeanOfThoseFromTheMiddle() {
        SplittableRandom random = new SplittableRandom(7);
        for (int times = 0; times < 100; times++) {
            double[] p = distribution(random, 5);
            double[] q = distribution(random, 5);
            double expected = 0;
            for (int c = 0; c < p.length; c++) {
                double middle = (p[c] + q[c]) / 2;
                expected += 0.5 * p[c] * Math.log(p[c] / middle) + 0.5 * q[c] * Math.log(q[c] / middle);
            }
            assertThat(Uncertainty.divergence(p, q)).isCloseTo(expected, within(1e-12));
            assertThat(Uncertainty.divergence(p, p)).isCloseTo(0, within(1e-12)).isNotNegative();
        }
        assertThat(Uncertainty.divergence(new double[] {1, 0}, new double[] {0, 1}))
                .isCloseTo(Math.log(2), within(1e-12));
    }

    private static double[] distribution(SplittableRandom random, int classes) {
        double[] values = random.doubles(classes, 0.01, 1).toArray();
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        for (int c = 0; c < classes; c++) {
            values[c] /= sum;
        }
        return values;
    }
}
