package dev.tutelage.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tutelage.control.softlabel.SoftLabelFile;
import dev.tutelage.gateway.stored.SoftLabelBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardScoresTest {
    private static final int IMAGES = 40;
    private static final int CLASSES = 4;
    private static final int BEST = 5;

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(3);

    private static List<String> digests(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> String.format("%064x", i))
                .toList();
    }

    private float[] logits(int images) {
        float[] logits = new float[images * CLASSES];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextDouble(-3, 3);
        }
        return logits;
    }

    private SoftLabelFile file(List<String> digests, float[] logits) throws IOException {
        Path file = Files.createTempFile(directory, "labels", "");
        Files.write(file, SoftLabelBytes.of(digests, logits));
        return SoftLabelFile.open(file);
    }

    /** As it is written in textbooks, without the care for large logits. */
    private static double[] softmax(float[] logits, int image) {
        double sum = 0;
        double[] likely = new double[CLASSES];
        for (int c = 0; c < CLASSES; c++) {
            likely[c] = Math.exp(logits[image * CLASSES + c]);
            sum += likely[c];
        }
        for (int c = 0; c < CLASSES; c++) {
            likely[c] /= sum;
        }
        return likely;
    }

    private static double margin(double[] likely) {
        double[] sorted = likely.clone();
        java.util.Arrays.sort(sorted);
        return sorted[CLASSES - 1] - sorted[CLASSES - 2];
    }

    private static double entropy(double[] likely) {
        double sum = 0;
        for (double p : likely) {
            sum += p * Math.log(1 / p);
        }
        return sum;
    }

    private static double divergence(double[] p, double[] q) {
        double sum = 0;
        for (int c = 0; c < CLASSES; c++) {
            double m = (p[c] + q[c]) / 2;
            sum += (p[c] * Math.log(p[c] / m) + q[c] * Math.log(q[c] / m)) / 2;
        }
        return sum;
    }

    @Test
    void theBestByEachStrategyAreKeptWithTheScoresOfANaiveLoop() throws IOException {
        float[] newer = logits(IMAGES);
        // The teacher before has labeled the second half, in another order of the file, and some that are elsewhere.
        List<String> earlierDigests = new ArrayList<>(digests(IMAGES / 2, IMAGES + 7));
        earlierDigests.sort(Comparator.reverseOrder());
        float[] earlier = logits(earlierDigests.size());
        List<Candidate> kept = new ShardScores(BEST, 2)
                .of("shard", "teacher", file(digests(0, IMAGES), newer), Optional.of(file(earlierDigests, earlier)));

        Set<String> expected = new HashSet<>();
        expected.addAll(least(IMAGES, i -> margin(softmax(newer, i)), 0));
        expected.addAll(least(IMAGES, i -> -entropy(softmax(newer, i)), 0));
        expected.addAll(least(
                IMAGES / 2,
                i -> -divergence(
                        softmax(newer, i + IMAGES / 2),
                        softmax(earlier, earlierDigests.indexOf(String.format("%064x", i + IMAGES / 2)))),
                IMAGES / 2));
        assertThat(kept).extracting(Candidate::image).containsExactlyInAnyOrderElementsOf(expected);
        for (Candidate image : kept) {
            int i = Integer.parseInt(image.image(), 16);
            double[] likely = softmax(newer, i);
            assertThat(image.margin()).isCloseTo(margin(likely), within(1e-6));
            assertThat(image.entropy()).isCloseTo(entropy(likely), within(1e-6));
            assertThat(image.disagreement().isPresent()).isEqualTo(i >= IMAGES / 2);
            image.disagreement().ifPresent(value -> assertThat(value)
                    .isCloseTo(
                            divergence(likely, softmax(earlier, earlierDigests.indexOf(image.image()))), within(1e-6)));
            assertThat(image.guesses()).hasSize(2);
            assertThat(image.guesses().get(0).probability())
                    .isCloseTo(likely[image.guesses().get(0).number()], within(1e-6))
                    .isGreaterThanOrEqualTo(image.guesses().get(1).probability());
        }
    }

    private static List<String> least(int images, ToDoubleFunction<Integer> value, int from) {
        return IntStream.range(0, images)
                .boxed()
                .sorted(Comparator.comparingDouble(value))
                .limit(BEST)
                .map(i -> String.format("%064x", i + from))
                .toList();
    }

    @Test
    void imagesOfWhichATeacherSaysNothingSensibleAreLeftOut() throws IOException {
        float[] logits = {Float.NaN, 0, 0, 0, 1, 0, 0, 0};
        assertThat(new ShardScores(BEST, 2).of("shard", "teacher", file(digests(0, 2), logits), Optional.empty()))
                .extracting(Candidate::image)
                .containsExactly(String.format("%064x", 1));
    }
}
