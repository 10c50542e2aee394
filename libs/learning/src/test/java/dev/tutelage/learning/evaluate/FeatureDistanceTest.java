package dev.tutelage.learning.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tutelage.learning.random.Seed;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FeatureDistanceTest {
    private static final int WIDTH = 3;

    /** The definition, pair by pair. */
    @Test
    void itIsTheUnbiasedEstimateOfTheSquaredDiscrepancy() {
        float[] reference = normals(1, 7);
        float[] sample = shifted(normals(2, 5), 0.5f);
        double rate = 1 / (2 * medianOfSquares(reference));
        double expected = meanOfPairs(reference, rate) + meanOfPairs(sample, rate);
        for (int i = 0; i < 7; i++) {
            for (int j = 0; j < 5; j++) {
                expected -= 2 * Math.exp(-rate * square(reference, i, sample, j)) / (7 * 5);
            }
        }
        assertThat(new FeatureDistance(reference, WIDTH).squaredTo(sample)).isCloseTo(expected, within(1e-5));
    }

    /** Over 200 samples of the same distribution the mean is 0, and hardly any is beyond a tenth; shifted ones are. */
    @Test
    void itIsAboutZeroForOneDistributionAndNotForTwo() {
        FeatureDistance distance = new FeatureDistance(normals(3, 500), WIDTH);
        double[] alike = IntStream.range(0, 200)
                .mapToDouble(i -> distance.squaredTo(normals(100 + i, 64)))
                .toArray();
        assertThat(Arrays.stream(alike).average().orElseThrow()).isCloseTo(0, within(0.002));
        assertThat(Arrays.stream(alike).filter(each -> each > 0.05).count()).isZero();
        double[] shifted = IntStream.range(0, 50)
                .mapToDouble(i -> distance.squaredTo(shifted(normals(100 + i, 64), 1)))
                .toArray();
        assertThat(Arrays.stream(shifted).min().orElseThrow()).isGreaterThan(0.1);
    }

    /** As of a network that tells nothing apart. */
    @Test
    void featuresThatAreAllAlikeHaveNoDistanceFromEachOther() {
        FeatureDistance distance = new FeatureDistance(new float[4 * WIDTH], WIDTH);
        assertThat(distance.squaredTo(new float[2 * WIDTH])).isCloseTo(0, within(1e-6));
        assertThat(distance.squaredTo(shifted(new float[2 * WIDTH], 100))).isCloseTo(2, within(1e-6));
    }

    @Test
    void oneImageIsNoSample() {
        assertThatThrownBy(() -> new FeatureDistance(normals(3, 5), WIDTH).squaredTo(new float[WIDTH]))
                .hasMessageContaining("2 images or more");
    }

    private static double meanOfPairs(float[] features, double rate) {
        int count = features.length / WIDTH;
        double sum = 0;
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                sum += i == j ? 0 : Math.exp(-rate * square(features, i, features, j));
            }
        }
        return sum / (count * (count - 1));
    }

    private static double medianOfSquares(float[] features) {
        int count = features.length / WIDTH;
        double[] squares = IntStream.range(0, count * count)
                .filter(pair -> pair / count < pair % count)
                .mapToDouble(pair -> square(features, pair / count, features, pair % count))
                .sorted()
                .toArray();
        return squares[squares.length / 2];
    }

    private static double square(float[] left, int i, float[] right, int j) {
        double sum = 0;
        for (int k = 0; k < WIDTH; k++) {
            sum += Math.pow(left[i * WIDTH + k] - right[j * WIDTH + k], 2);
        }
        return sum;
    }

    private static float[] normals(int seed, int count) {
        return new Seed(seed).of("features").normals(count * WIDTH);
    }

    private static float[] shifted(float[] features, float by) {
        float[] moved = features.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += by;
        }
        return moved;
    }
}
