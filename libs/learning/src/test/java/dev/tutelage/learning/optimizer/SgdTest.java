package dev.tutelage.learning.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SgdTest {

    /** v = 0.1 (1 + 0.5 * 2) = 0.2, w = 1.8; then v = 0.9 * 0.2 + 0.1 (1 + 0.5 * 1.8) = 0.37, w = 1.43. */
    @Test
    void momentumAndDecayByHand() {
        try (Stepping stepping = new Stepping(2, 0);
                Sgd sgd = new Sgd(stepping.weights(), 0.9, 0.5)) {
            stepping.step(sgd, 0.1, 1, 1, 0);
            stepping.step(sgd, 0.1, 2, 1, 0);
            assertThat(stepping.values(Stepping.KERNEL)[0]).isCloseTo(1.43f, within(1e-6f));
            assertThat(stepping.values(Stepping.HEAD)[0]).isCloseTo(1.43f, within(1e-6f));
            assertThat(stepping.values(Stepping.SCALE)[0]).isCloseTo(1.71f, within(1e-6f));
            assertThat(stepping.values(Stepping.KERNEL)[1]).isZero();
        }
    }
}
