package dev.tutelage.learning.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.random.Seed;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnnTest {
    private static final int CLASSES = 4;
    private static final int WIDTH = 5;
    private static final int BANK_SIZE = 90;
    /** More than are compared at once. */
    private static final int QUERY_COUNT = 260;

    private static final float[] BANK = new Seed(1).normals(BANK_SIZE * WIDTH);
    private static final float[] QUERIES = new Seed(2).normals(QUERY_COUNT * WIDTH);
    private static final int[] BANK_CLASSES =
            IntStream.range(0, BANK_SIZE).map(i -> i % CLASSES).toArray();

    @ParameterizedTest
    @CsvSource({"1, 0.1", "7, 0.1", "20, 0.5", "200, 0.1"})
    void neighboursVoteAsInANaiveLoop(int k, double temperature) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray bank = manager.create(BANK, new Shape(BANK_SIZE, WIDTH));
            NDArray queries = manager.create(QUERIES, new Shape(QUERY_COUNT, WIDTH));
            int[] expected = IntStream.range(0, QUERY_COUNT)
                    .map(query -> naive(query, k, temperature))
                    .toArray();
            Knn knn = new Knn(k, temperature);
            assertThat(knn.classify(bank, BANK_CLASSES, queries, CLASSES)).containsExactly(expected);
            int[] mostlyRight = expected.clone();
            IntStream.range(0, 65).forEach(i -> mostlyRight[i] = (mostlyRight[i] + 1) % CLASSES);
            assertThat(knn.percent(bank, BANK_CLASSES, queries, mostlyRight, CLASSES))
                    .isEqualTo(75);
        }
    }

    @Test
    void theLengthOfFeaturesDoesNotMatter() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray bank = manager.create(new float[] {100, 0, 0, 0.01f}, new Shape(2, 2));
            NDArray query = manager.create(new float[] {1, 2}, new Shape(1, 2));
            assertThat(new Knn(1, 0.1).classify(bank, new int[] {0, 1}, query, 2))
                    .containsExactly(1);
        }
    }

    @Test
    void sizesOutOfTheirRangesAreNamed() {
        assertThatThrownBy(() -> new Knn(0, 0.1)).hasMessageContaining("k must be 1 or more");
        assertThatThrownBy(() -> new Knn(1, 0)).hasMessageContaining("temperature more than 0");
    }

    private static int naive(int query, int k, double temperature) {
        List<Integer> nearest = IntStream.range(0, BANK_SIZE)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer image) -> -similarity(query, image)))
                .limit(k)
                .toList();
        double[] votes = new double[CLASSES];
        for (int image : nearest) {
            votes[BANK_CLASSES[image]] += Math.exp(similarity(query, image) / temperature);
        }
        return IntStream.range(0, CLASSES)
                .boxed()
                .max(Comparator.comparingDouble(c -> votes[c]))
                .orElseThrow();
    }

    private static double similarity(int query, int image) {
        double product = 0;
        double left = 0;
        double right = 0;
        for (int d = 0; d < WIDTH; d++) {
            double q = QUERIES[query * WIDTH + d];
            double b = BANK[image * WIDTH + d];
            product += q * b;
            left += q * q;
            right += b * b;
        }
        return product / Math.sqrt(left * right);
    }
}
