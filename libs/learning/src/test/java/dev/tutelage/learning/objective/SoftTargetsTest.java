package dev.tutelage.learning.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoftTargetsTest {
    private static final double LN3 = Math.log(3);
    private static final double[] STUDENT = {0.3, -1.2, 0.8, 2, 0.1, -0.4};
    private static final double[] TEACHER = {1.5, 0.2, -0.7, -1, 0.9, 0.4};

    /** Softened, the teacher says 3/4 and 1/4 twice; the student says 1/4 and 3/4, then 1/2 and 1/2. */
    @ParameterizedTest
    @CsvSource({"1, false", "0.5, false", "0.1, false", "0.5, true", "4, true"})
    void lossIsTheSoftenedCrossEntropy(double temperature, boolean squared) {
        double[] student = {0, temperature * LN3, 7, 7};
        double[] teacher = {temperature * LN3, 0, temperature * LN3 - 5, -5};
        double first = 0.75 * Math.log(4) + 0.25 * Math.log(4 / 3.0);
        double second = Math.log(2);
        double factor = squared ? temperature * temperature : 1;
        assertThat(of(new SoftTargets(temperature, squared), student, teacher).loss())
                .isCloseTo(factor * (first + second) / 2, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"1, false", "0.3, false", "2, true"})
    void gradientIsThatOfTheFormula(double temperature, boolean squared) {
        SoftTargets objective = new SoftTargets(temperature, squared);
        double[] expected = FiniteDifferences.gradient(z -> naive(z, temperature, squared), STUDENT);
        assertThat(of(objective, STUDENT, TEACHER).gradient()).containsExactly(expected, within(1e-7));
    }

    @Test
    void aStudentThatEqualsItsTeacherHasNothingToLearn() {
        assertThat(of(new SoftTargets(0.1, false), TEACHER, TEACHER).gradient())
                .containsExactly(new double[6], within(1e-9));
    }

    @Test
    void temperatureMustBePositive() {
        assertThatThrownBy(() -> new SoftTargets(0, false)).hasMessageContaining("temperature must be more than 0");
    }

    private static Differentiated of(SoftTargets objective, double[] student, double[] teacher) {
        return Differentiated.of(logits -> objective.loss(logits, fixed(logits, teacher)), student, 2);
    }

    private static NDArray fixed(NDArray logits, double[] teacher) {
        return logits.getManager().create(teacher, new Shape(2, teacher.length / 2));
    }

    /** Two images of three classes. */
    private static double naive(double[] student, double temperature, boolean squared) {
        double sum = 0;
        for (int image = 0; image < 2; image++) {
            for (int c = 0; c < 3; c++) {
                double target = softmax(TEACHER, image, c, temperature);
                sum -= target * Math.log(softmax(student, image, c, temperature));
            }
        }
        return sum / 2 * (squared ? temperature * temperature : 1);
    }

    private static double softmax(double[] logits, int image, int c, double temperature) {
        double all = IntStream.range(0, 3)
                .mapToDouble(k -> Math.exp(logits[3 * image + k] / temperature))
                .sum();
        return Math.exp(logits[3 * image + c] / temperature) / all;
    }
}
