package dev.tutelage.platform.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PopulationStabilityTest {
    private static final double[] SHARES = {0.01, 0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.35};

    /** With half an image more in each bin: shares 1/4 and 3/4 against 5/8 and 3/8. */
    @Test
    void theIndexIsThatOfTheFormula() {
        double expected = (5 / 8.0 - 1 / 4.0) * Math.log(5 / 8.0 / (1 / 4.0))
                + (3 / 8.0 - 3 / 4.0) * Math.log(3 / 8.0 / (3 / 4.0));
        List<Long> reference = List.of(1L, 4L);
        List<Long> seen = List.of(2L, 1L);
        assertThat(PopulationStability.index(reference, seen)).isCloseTo(expected, within(1e-12));
        assertThat(PopulationStability.index(seen, reference)).isCloseTo(expected, within(1e-12));
        assertThat(PopulationStability.index(seen, seen)).isZero();
    }

    @Test
    void emptyBinsGiveNoInfinity() {
        assertThat(PopulationStability.index(List.of(100L, 0L), List.of(0L, 100L)))
                .isBetween(1.0, 20.0);
    }

    @Test
    void differentBinsCannotBeCompared() {
        assertThatIllegalArgumentException().isThrownBy(() -> PopulationStability.index(List.of(1L), List.of(1L, 2L)));
    }

    /** Quantiles 0.999 of chi-squared from tables: 9 degrees of freedom 27.877, 1 degree 10.828. */
    @Test
    void whatChanceExceedsIsAQuantileOfChiSquared() {
        List<Long> tenBins = List.of(100L, 100L, 100L, 100L, 100L, 100L, 100L, 100L, 100L, 100L);
        assertThat(PopulationStability.byChance(tenBins, tenBins)).isCloseTo(27.877 * 2 / 1000, withinPercentage(1));
        assertThat(PopulationStability.byChance(List.of(50L, 50L), List.of(25L, 25L)))
                .isCloseTo(10.828 * (1 / 100.0 + 1 / 50.0), withinPercentage(4));
    }

    /** In 20,000 pairs of samples that are so small that the rule of thumb would often be exceeded. */
    @Test
    void twoSamplesOfOneDistributionExceedItAboutOnceInAThousandTimes() {
        SplittableRandom random = new SplittableRandom(1);
        int beyondChance = 0;
        int beyondTheRule = 0;
        for (int pair = 0; pair < 20_000; pair++) {
            List<Long> reference = sample(random, 100);
            List<Long> seen = sample(random, 60);
            double index = PopulationStability.index(reference, seen);
            beyondChance += index > PopulationStability.byChance(reference, seen) ? 1 : 0;
            beyondTheRule += index > 0.25 ? 1 : 0;
        }
        assertThat(beyondTheRule).isGreaterThan(2_000);
        assertThat(beyondChance).isLessThanOrEqualTo(40);
    }

    private static List<Long> sample(SplittableRandom random, int images) {
        Long[] histogram = new Long[SHARES.length];
        Arrays.fill(histogram, 0L);
        for (int i = 0; i < images; i++) {
            double drawn = random.nextDouble();
            int bin = IntStream.range(0, SHARES.length)
                    .filter(candidate -> drawn < cumulative(candidate))
                    .findFirst()
                    .orElse(SHARES.length - 1);
            histogram[bin]++;
        }
        return List.of(histogram);
    }

    private static double cumulative(int bin) {
        return Arrays.stream(SHARES).limit(bin + 1).sum();
    }
}
