package dev.tutelage.learning.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.random.Seed;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NtXentTest {
    private static final int VIEWS = 10;
    private static final int WIDTH = 6;
    private static final double[] PROJECTIONS = projections(3, VIEWS);
    private static final double[] KEYS = projections(4, VIEWS);
    private static final double[] QUEUE = projections(5, 7);

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 1})
    void lossAndGradientAreThoseOfTheFormula(double temperature) {
        Differentiated actual = Differentiated.of(new NtXent(temperature)::loss, PROJECTIONS, VIEWS);
        assertThat(actual.loss()).isCloseTo(naive(PROJECTIONS, temperature), within(1e-9));
        double[] expected = FiniteDifferences.gradient(z -> naive(z, temperature), PROJECTIONS);
        assertThat(actual.gradient()).containsExactly(expected, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 1})
    void withMemoryLossAndGradientAreThoseOfTheFormula(double temperature) {
        NtXent objective = new NtXent(temperature);
        Differentiated actual = Differentiated.of(
                z -> objective.loss(z, NtXent.normalized(matrix(z, KEYS)), NtXent.normalized(matrix(z, QUEUE))),
                PROJECTIONS,
                VIEWS);
        assertThat(actual.loss()).isCloseTo(naiveWithMemory(PROJECTIONS, QUEUE, temperature), within(1e-9));
        double[] expected = FiniteDifferences.gradient(z -> naiveWithMemory(z, QUEUE, temperature), PROJECTIONS);
        assertThat(actual.gradient()).containsExactly(expected, within(1e-6));
    }

    @Test
    void anEmptyQueueAddsNothing() {
        NtXent objective = new NtXent(0.5);
        Differentiated actual =
                Differentiated.of(z -> objective.loss(z, NtXent.normalized(matrix(z, KEYS))), PROJECTIONS, VIEWS);
        assertThat(actual.loss()).isCloseTo(naiveWithMemory(PROJECTIONS, new double[0], 0.5), within(1e-9));
    }

    /** Every view against the momentum network's view of all images, and against the queue. */
    private static double naiveWithMemory(double[] z, double[] queue, double temperature) {
        double sum = 0;
        for (int i = 0; i < VIEWS; i++) {
            double all = 0;
            for (int k = 0; k < VIEWS; k++) {
                all += k == i ? 0 : Math.exp(similarity(z, i, KEYS, k) / temperature);
            }
            for (int k = 0; k < queue.length / WIDTH; k++) {
                all += Math.exp(similarity(z, i, queue, k) / temperature);
            }
            int other = i < VIEWS / 2 ? i + VIEWS / 2 : i - VIEWS / 2;
            sum -= Math.log(Math.exp(similarity(z, i, KEYS, other) / temperature) / all);
        }
        return sum / (VIEWS / 2);
    }

    private static NDArray matrix(NDArray like, double[] entries) {
        return like.getManager().create(entries, new Shape(entries.length / WIDTH, WIDTH));
    }

    @Test
    void viewsThatCannotBeToldApartCostTheLogarithmOfTheirNumberInBothDirections() {
        double[] same = new double[4 * 3];
        Arrays.fill(same, 2);
        assertThat(Differentiated.of(new NtXent(0.5)::loss, same, 4).loss()).isCloseTo(2 * Math.log(3), within(1e-9));
    }

    @Test
    void theLengthOfProjectionsDoesNotMatter() {
        double[] longer = Arrays.stream(PROJECTIONS).map(x -> 1000 * x).toArray();
        assertThat(Differentiated.of(new NtXent(0.2)::loss, longer, VIEWS).loss())
                .isCloseTo(naive(PROJECTIONS, 0.2), within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void temperatureMustBePositive(double temperature) {
        assertThatThrownBy(() -> new NtXent(temperature)).hasMessageContaining("temperature must be more than 0");
    }

    /** Equation 1 of the SimCLR paper, view by view. */
    private static double naive(double[] z, double temperature) {
        double sum = 0;
        for (int i = 0; i < VIEWS; i++) {
            double all = 0;
            for (int k = 0; k < VIEWS; k++) {
                all += k == i ? 0 : Math.exp(similarity(z, i, k) / temperature);
            }
            int other = i < VIEWS / 2 ? i + VIEWS / 2 : i - VIEWS / 2;
            sum -= Math.log(Math.exp(similarity(z, i, other) / temperature) / all);
        }
        return sum / (VIEWS / 2);
    }

    private static double similarity(double[] z, int i, int k) {
        return similarity(z, i, z, k);
    }

    private static double similarity(double[] z, int i, double[] others, int k) {
        double product = 0;
        double left = 0;
        double right = 0;
        for (int d = 0; d < WIDTH; d++) {
            product += z[i * WIDTH + d] * others[k * WIDTH + d];
            left += z[i * WIDTH + d] * z[i * WIDTH + d];
            right += others[k * WIDTH + d] * others[k * WIDTH + d];
        }
        return product / Math.sqrt(left * right);
    }

    private static double[] projections(int seed, int rows) {
        float[] normals = new Seed(seed).normals(rows * WIDTH);
        double[] projections = new double[normals.length];
        for (int i = 0; i < normals.length; i++) {
            projections[i] = normals[i];
        }
        return projections;
    }
}
