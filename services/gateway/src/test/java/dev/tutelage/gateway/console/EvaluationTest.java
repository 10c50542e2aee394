package dev.tutelage.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.gateway.stored.SoftLabelBytes;
import dev.tutelage.learning.evaluate.HeldOutPredictions;
import dev.tutelage.learning.format.CorruptFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
    private static final int IMAGES = 200;
    private static final int CLASSES = 4;

    @TempDir
    Path directory;

    private static HeldOutPredictions random() {
        Random random = new Random(11);
        float[] logits = new float[IMAGES * CLASSES];
        int[] labels = new int[IMAGES];
        List<String> digests = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            labels[i] = random.nextInt(CLASSES - 1);
            digests.add(Integer.toString(i));
            for (int c = 0; c < CLASSES; c++) {
                logits[i * CLASSES + c] = (float) random.nextGaussian() + (c == labels[i] ? 1 : 0);
            }
        }
        return new HeldOutPredictions(CLASSES, logits, labels, digests);
    }

    /** Probabilities as the definition has them. */
    private static double[] likely(HeldOutPredictions of, int image) {
        double sum = 0;
        double[] likely = new double[CLASSES];
        for (int c = 0; c < CLASSES; c++) {
            likely[c] = Math.exp(of.logits()[image * CLASSES + c]);
            sum += likely[c];
        }
        for (int c = 0; c < CLASSES; c++) {
            likely[c] /= sum;
        }
        return likely;
    }

    private static int argmax(double[] values) {
        int best = 0;
        for (int c = 0; c < values.length; c++) {
            best = values[c] > values[best] ? c : best;
        }
        return best;
    }

    @Test
    void theConfusionMatrixIsThatOfANaiveCount() {
        HeldOutPredictions of = random();
        HeldOutFigures figures = HeldOutFigures.of(of);
        for (int label = 0; label < CLASSES; label++) {
            for (int taken = 0; taken < CLASSES; taken++) {
                int count = 0;
                for (int i = 0; i < IMAGES; i++) {
                    count += of.label(i) == label && argmax(likely(of, i)) == taken ? 1 : 0;
                }
                assertThat(figures.confusion().get(label).get(taken)).isEqualTo(count);
            }
        }
    }

    @Test
    void theBinsOfTheReliabilityDiagramAreThoseOfANaiveCountAndAddUpToTheCalibrationError() {
        HeldOutPredictions of = random();
        HeldOutFigures figures = HeldOutFigures.of(of);
        double error = 0;
        for (HeldOutFigures.Bin bin : figures.bins()) {
            int images = 0;
            int right = 0;
            double confidence = 0;
            for (int i = 0; i < IMAGES; i++) {
                double[] likely = likely(of, i);
                double greatest = likely[argmax(likely)];
                if (greatest > bin.from() && greatest <= bin.to()) {
                    images++;
                    confidence += greatest;
                    right += argmax(likely) == of.label(i) ? 1 : 0;
                }
            }
            assertThat(bin.images()).isEqualTo(images);
            if (images > 0) {
                assertThat(bin.confidence()).isCloseTo(confidence / images, within(1e-9));
                assertThat(bin.accuracy()).isCloseTo((double) right / images, within(1e-9));
                error += images * Math.abs(bin.accuracy() - bin.confidence()) / IMAGES;
            }
        }
        assertThat(error).isCloseTo(of.calibrationError(), within(1e-9));
        assertThat(figures.bins()).extracting(HeldOutFigures.Bin::images).contains(0);
    }

    @Test
    void aMatrixIsToldInWordsAndLeftOutWhereItWouldBeTooLarge() {
        HeldOutFigures small = new HeldOutFigures(
                List.of(List.of(3, 1), List.of(0, 0)),
                HeldOutFigures.of(random()).bins());
        Evaluation told = Evaluation.of(small, List.of("wren"));
        assertThat(told.classes()).containsExactly("wren", "class 1");
        assertThat(told.rows().get(0).recall()).isEqualTo("75.00 %");
        assertThat(told.rows().get(1).recall()).isEqualTo("no image");
        assertThat(told.rows().get(0).cells())
                .extracting(Evaluation.Cell::level)
                .containsExactly(4, 2);
        assertThat(told.mistakes()).containsExactly("wren is taken for class 1: 1 of 4");
        List<List<Integer>> many = IntStream.range(0, 31)
                .mapToObj(row -> IntStream.range(0, 31).mapToObj(c -> 1).toList())
                .toList();
        Evaluation large = Evaluation.of(new HeldOutFigures(many, small.bins()), List.of());
        assertThat(large.rows()).isEmpty();
        assertThat(large.mistakes()).hasSize(10);
    }

    @Test
    void heldOutPredictionsAreReadAsTheFormatSays() throws Exception {
        Path file = directory.resolve("held-out");
        Files.write(file, HeldOutBytes.of(new long[] {1, 0}, new float[] {0, 2, 1, 3}));
        HeldOutPredictions read = HeldOutLook.read(file);
        assertThat(read.logits()).containsExactly(0, 2, 1, 3);
        assertThat(read.label(0)).isEqualTo(1);
        assertThat(read.top1()).isEqualTo(50);
        assertThat(read.imageDigests()).containsExactly("00".repeat(32), "00".repeat(24) + "01" + "00".repeat(7));
    }

    @Test
    void whatHoldsNoPredictionsIsRefused() throws Exception {
        Path file = directory.resolve("held-out");
        Files.write(file, SoftLabelBytes.of(List.of("11".repeat(32)), new float[] {0, 1}));
        assertThatThrownBy(() -> HeldOutLook.read(file)).isInstanceOf(CorruptFileException.class);
        Files.write(file, HeldOutBytes.of(new long[] {7}, new float[] {0, 2}));
        assertThatThrownBy(() -> HeldOutLook.read(file))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("label 7");
    }

    @Test
    void theChangeAgainstTheHolderIsToldByClassWithItsSignAndInWords() {
        CandidateJudged judged = CandidateJudged.newBuilder()
                .setEvidence(GateEvidence.newBuilder()
                        .addAllCandidateClassRecall(List.of(90.0, 50.0, 70.0, Double.NaN))
                        .addAllHolderClassRecall(List.of(80.0, 55.5, 70.0, 10.0)))
                .build();
        assertThat(ClassChange.of(judged, List.of("wren", "robin", "owl", "crow")))
                .extracting(ClassChange::change)
                .containsExactly("+10.0, better", "-5.5, worse", "the same", "–");
        assertThat(ClassChange.of(judged, List.of("wren"))).isEmpty();
    }
}
