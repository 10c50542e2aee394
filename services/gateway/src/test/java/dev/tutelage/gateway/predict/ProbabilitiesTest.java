package dev.tutelage.gateway.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProbabilitiesTest {

    /** ln 1, ln 2 and ln 5, and the same moved. */
    @Test
    void eachRowIsExponentialsOverTheirSum() {
        float two = (float) Math.log(2);
        float five = (float) Math.log(5);
        double[] probabilities = Probabilities.of(new float[] {0, two, five, 7, 7 + two, 7 + five}, 3);
        assertThat(probabilities).containsExactly(new double[] {0.125, 0.25, 0.625, 0.125, 0.25, 0.625}, within(1e-6));
    }

    @Test
    void logitsWhoseExponentialsNoNumberHoldsAreFine() {
        assertThat(Probabilities.of(new float[] {-3e38f, 3e38f, 0}, 3)).containsExactly(0, 1, 0);
    }
}
