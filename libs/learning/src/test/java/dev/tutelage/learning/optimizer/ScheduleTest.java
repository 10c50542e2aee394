package dev.tutelage.learning.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {

    /** Ten steps of warm-up, then 90 of half a cosine. */
    @ParameterizedTest
    @CsvSource({"0, 0.2", "4, 1", "9, 2", "10, 2", "40, 1.5", "55, 1", "70, 0.5"})
    void risesInALineAndFallsInACosine(long step, double rate) {
        assertThat(new Schedule(2, 0.1, 100).at(step)).isCloseTo(rate, within(1e-12));
    }

    @Test
    void endsNearZero() {
        assertThat(new Schedule(1, 0.1, 100).at(99)).isPositive().isLessThan(1e-3);
    }

    @Test
    void withoutWarmupItStartsAtItsPeak() {
        assertThat(new Schedule(0.3, 0, 10).at(0)).isEqualTo(0.3);
        assertThat(new Schedule(0.3, 0, 1).at(0)).isEqualTo(0.3);
    }

    @Test
    void neverExceedsItsPeakWhereWarmupEndsBetweenSteps() {
        Schedule schedule = new Schedule(1, 0.25, 10);
        assertThat(new double[] {schedule.at(0), schedule.at(1), schedule.at(2)})
                .containsExactly(new double[] {0.4, 0.8, 1}, within(1e-12));
        assertThat(schedule.at(3)).isLessThan(1);
    }

    @ParameterizedTest
    @CsvSource({"NONE, 0.1, 512, 0.1", "LINEAR, 1, 512, 2", "SQRT, 0.1, 4096, 6.4"})
    void ratesScaleWithTheBatch(Scaling scaling, double base, int batch, double rate) {
        assertThat(scaling.rate(base, batch)).isCloseTo(rate, within(1e-12));
    }
}
