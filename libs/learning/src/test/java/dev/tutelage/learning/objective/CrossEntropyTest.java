package dev.tutelage.learning.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CrossEntropyTest {
    private static final double LN3 = Math.log(3);

    /** The classes have 3/4 and 1/4, then 1/2 and 1/2; the gradient is probability minus label, over the batch size. */
    @Test
    void lossAndGradientOfTwoImages() {
        long[] labels = {1, 0};
        double[] logits = {LN3, 0, 100, 100};
        Differentiated actual = Differentiated.of(z -> new CrossEntropy().loss(z, labels), logits, 2);
        assertThat(actual.loss()).isCloseTo((Math.log(4) + Math.log(2)) / 2, within(1e-9));
        assertThat(actual.gradient())
                .containsExactly(new double[] {0.75 / 2, -0.75 / 2, -0.5 / 2, 0.5 / 2}, within(1e-9));
    }

    @Test
    void farLogitsDoNotOverflow() {
        double[] logits = {1e4, -1e4};
        assertThat(Differentiated.of(z -> new CrossEntropy().loss(z, new long[] {1}), logits, 1)
                        .loss())
                .isCloseTo(2e4, within(1e-6));
    }
}
