package dev.tutelage.learning.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NegativeQueueTest {

    @ParameterizedTest
    @CsvSource({"12, 4", "10, 4", "7, 7", "5, 3"})
    void holdsTheNewest(int size, int batch) {
        Deque<Float> expected = new ArrayDeque<>();
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                NegativeQueue queue = new NegativeQueue(manager, size, 2)) {
            for (long pushed = 0; pushed < 5L * size; pushed += batch) {
                queue.push(outputs(manager, pushed, batch), pushed);
                for (int i = 0; i < batch; i++) {
                    expected.addLast((float) (pushed + i));
                    if (expected.size() > size) {
                        expected.removeFirst();
                    }
                }
                assertThat(firstColumn(queue.filled(manager, pushed + batch)))
                        .containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }

    @Test
    void aBatchThatDoesNotFitIsRefused() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                NegativeQueue queue = new NegativeQueue(manager, 3, 2)) {
            assertThatThrownBy(() -> queue.push(outputs(manager, 0, 4), 0))
                    .hasMessageContaining("a queue of 3 cannot take 4 outputs at once");
        }
    }

    private static NDArray outputs(NDManager manager, long from, int count) {
        float[] values = new float[count * 2];
        for (int i = 0; i < count; i++) {
            values[2 * i] = from + i;
            values[2 * i + 1] = -from - i;
        }
        return manager.create(values, new Shape(count, 2));
    }

    private static List<Float> firstColumn(NDArray rows) {
        List<Float> column = new ArrayList<>();
        float[] values = rows.toFloatArray();
        for (int i = 0; i < values.length; i += 2) {
            assertThat(values[i + 1]).isEqualTo(-values[i]);
            column.add(values[i]);
        }
        return column;
    }
}
