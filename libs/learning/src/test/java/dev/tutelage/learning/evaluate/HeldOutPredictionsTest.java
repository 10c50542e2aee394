package dev.tutelage.learning.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeldOutPredictionsTest {
    private static final int IMAGES = 400;
    private static final int CLASSES = 5;

    /** Image after image, bin after bin, as the paper says it: B_m holds the confidences in ((m - 1) / 15, m / 15]. */
    @Test
    void theCalibrationErrorIsThatOfANaiveLoop() {
        float[] logits = logits(7, 3);
        int[] labels = labels(8);
        double expected = 0;
        for (int m = 1; m <= 15; m++) {
            double inBin = 0;
            double right = 0;
            double confidence = 0;
            for (int i = 0; i < IMAGES; i++) {
                double sum = 0;
                int best = 0;
                for (int c = 0; c < CLASSES; c++) {
                    sum += Math.exp(logits[i * CLASSES + c]);
                    best = logits[i * CLASSES + c] > logits[i * CLASSES + best] ? c : best;
                }
                double probability = Math.exp(logits[i * CLASSES + best]) / sum;
                if (probability > (m - 1) / 15.0 && probability <= m / 15.0) {
                    inBin++;
                    right += best == labels[i] ? 1 : 0;
                    confidence += probability;
                }
            }
            if (inBin > 0) {
                expected += inBin / IMAGES * Math.abs(right / inBin - confidence / inBin);
            }
        }
        assertThat(predictions(logits, labels).calibrationError()).isCloseTo(expected, within(1e-9));
        assertThat(expected).isGreaterThan(0.1);
    }

    @Test
    void whoIsAlwaysSureAndRightIsCalibratedAndWhoIsSureAndWrongIsNot() {
        float[] sure = {100, 0, 0, 100};
        List<String> digests = List.of("aa", "bb");
        assertThat(new HeldOutPredictions(2, sure, new int[] {0, 1}, digests).calibrationError())
                .isCloseTo(0, within(1e-12));
        assertThat(new HeldOutPredictions(2, sure, new int[] {1, 0}, digests).calibrationError())
                .isCloseTo(1, within(1e-12));
    }

    @Test
    void accuracyAndRecallAreCountedByClass() {
        float[] logits = {9, 0, 0, /**/ 0, 9, 0, /**/ 9, 0, 0, /**/ 0, 9, 0};
        HeldOutPredictions predictions =
                new HeldOutPredictions(3, logits, new int[] {0, 0, 0, 1}, List.of("a", "b", "c", "d"));
        assertThat(predictions.top1()).isEqualTo(75);
        assertThat(predictions.recall(0).orElseThrow()).isCloseTo(200 / 3.0, within(1e-9));
        assertThat(predictions.recall(1)).hasValue(100);
        assertThat(predictions.recall(2)).as("no image is of it").isEmpty();
        assertThat(predictions.minClassRecall()).isCloseTo(200 / 3.0, within(1e-9));
        assertThat(predictions.metrics()).containsOnlyKeys("top1", "minClassRecall", "calibrationError");
    }

    @Test
    void ofEquallyLikelyClassesTheFirstCounts() {
        HeldOutPredictions predictions = new HeldOutPredictions(3, new float[] {1, 2, 2}, new int[] {2}, List.of("a"));
        assertThat(predictions.predicted(0)).isEqualTo(1);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> new HeldOutPredictions(2, new float[] {}, new int[] {}, List.of()))
                .hasMessage("accuracy needs 1 held-out image or more");
        assertThatThrownBy(() -> new HeldOutPredictions(2, new float[] {0, 0}, new int[] {2}, List.of("abc")))
                .hasMessage("held-out image abc has label 2; needed is 0..1");
        assertThatThrownBy(() -> new HeldOutPredictions(2, new float[] {0, Float.NaN}, new int[] {1}, List.of("abc")))
                .hasMessageContaining("gives NaN for the held-out image abc");
        assertThatThrownBy(() -> new HeldOutPredictions(2, new float[] {0}, new int[] {1}, List.of("abc")))
                .hasMessageContaining("cannot have 1 labels and 1 logits");
    }

    private static HeldOutPredictions predictions(float[] logits, int[] labels) {
        return new HeldOutPredictions(
                CLASSES,
                logits,
                labels,
                IntStream.range(0, labels.length).mapToObj(Integer::toString).toList());
    }

    private static float[] logits(long seed, float scale) {
        Random random = new Random(seed);
        float[] logits = new float[IMAGES * CLASSES];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextGaussian() * scale;
        }
        return logits;
    }

    private static int[] labels(long seed) {
        return new Random(seed).ints(IMAGES, 0, CLASSES).toArray();
    }
}
