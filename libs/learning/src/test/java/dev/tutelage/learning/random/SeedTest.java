package dev.tutelage.learning.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeedTest {

    @Test
    void derivesTheSameSeedsOnEveryMachine() {
        // Computed by a separate implementation in Python.
        assertThat(new Seed(1).of(7).value()).isEqualTo(2875738036014693257L);
        assertThat(new Seed(1).of("augment").value()).isEqualTo(-8878147639031821951L);
        assertThat(new Seed(42).of("order").of(3).value()).isEqualTo(1508197739630917707L);
    }

    @Test
    void tellsCoordinatesApart() {
        Seed seed = new Seed(5);
        assertThat(seed.of(1).of(2)).isNotEqualTo(seed.of(2).of(1));
        assertThat(seed.of("ab")).isNotEqualTo(seed.of("ba"));
        assertThat(IntStream.range(0, 10_000).mapToObj(seed::of).distinct()).hasSize(10_000);
    }

    @Test
    void permutesEveryNumberOnce() {
        int[] order = new Seed(3).permutation(1000);
        assertThat(order).isNotEqualTo(IntStream.range(0, 1000).toArray());
        assertThat(Arrays.stream(order).sorted())
                .containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList());
        assertThat(new Seed(3).permutation(1000)).isEqualTo(order);
    }

    @Test
    void drawsStandardNormals() {
        float[] normals = new Seed(9).normals(100_001);
        double mean = 0;
        double square = 0;
        double fourth = 0;
        for (float normal : normals) {
            mean += normal / (double) normals.length;
            square += Math.pow(normal, 2) / normals.length;
            fourth += Math.pow(normal, 4) / normals.length;
        }
        assertThat(mean).isCloseTo(0, within(0.015));
        assertThat(square).isCloseTo(1, within(0.02));
        assertThat(fourth).isCloseTo(3, within(0.15));
    }
}
