package dev.tutelage.learning.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.format.CorruptFileException;
import dev.tutelage.learning.format.Safetensors;
import dev.tutelage.learning.recipe.LabelRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoftLabelsTest {
    private static final LabelRecipe RECIPE =
            Recipes.LABEL.override(Recipes.LABEL.preset("quick"), "{\"views\":2,\"seed\":9}");
    private static final String RECIPE_OF_THREE_VIEWS =
            Recipes.LABEL.write(Recipes.LABEL.override(RECIPE, "{\"views\":3}"));
    private static final SoftLabels.Origin ORIGIN = new SoftLabels.Origin("feed", "beef", RECIPE);
    private static final SoftLabels.Origin HALF_ORIGIN =
            new SoftLabels.Origin("feed", "beef", Recipes.LABEL.override(RECIPE, "{\"logits\":\"FP16\"}"));
    private static final List<String> DIGESTS = List.of(digest("a"), digest("b"), digest("c"));
    private static final float LN3 = (float) Math.log(3);

    @TempDir
    Path folder;

    @Test
    void theFileComesBackWhole() throws IOException {
        Path file = folder.resolve("labels.safetensors");
        SoftLabels written = labels(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        written.write(file);
        SoftLabels read = SoftLabels.read(file);
        assertThat(read.origin()).isEqualTo(ORIGIN);
        assertThat(List.of(read.size(), read.views(), read.classes())).containsExactly(3, 2, 2);
        assertThat(read.imageDigest(2)).isEqualTo(DIGESTS.get(2));
        assertThat(read.logits(1, 1)).containsExactly(7, 8);
        ImageShape shape = new ImageShape(1, 28, 28);
        assertThat(read.view(shape, 2, 1)).isEqualTo(RECIPE.view(shape, 1, 15));
        byte[] once = Files.readAllBytes(file);
        read.write(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(once);
    }

    @Test
    void aBatchHasTheLogitsOfOneView() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray batch = labels(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12).logits(manager, new int[] {2, 0}, 1);
            assertThat(batch.getShape()).isEqualTo(new Shape(2, 2));
            assertThat(batch.toFloatArray()).containsExactly(11, 12, 3, 4);
        }
    }

    @Test
    void labelsFindTheirImagesByDigest() {
        SoftLabels labels = labels(new float[12]);
        assertThat(labels.firstBeyond(images(DIGESTS))).isEmpty();
        assertThat(labels.firstBeyond(images(List.of(DIGESTS.get(2), digest("d"), DIGESTS.get(0), DIGESTS.get(1)))))
                .isEmpty();
        assertThat(labels.firstBeyond(images(DIGESTS.subList(0, 2)))).contains(DIGESTS.get(2));
        assertThat(labels.numbers()).containsEntry(DIGESTS.get(1), 1).hasSize(3);
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path file = folder.resolve("labels.safetensors");
        labels(new float[12]).write(file);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        refused(file, "is torn");
        Files.write(file, whole);
        changed(file, "format_version", Optional.of("2"), "its format version is 2, this Tutelage reads 1");
        changed(file, "classes", Optional.of("many"), "many");
        changed(file, "classes", Optional.of("5"), "the tensor logits is (3, 2, 2), not (3, 2, 5)");
        changed(file, "recipe", Optional.of("{}"), "recipe");
        changed(file, "recipe", Optional.of(RECIPE_OF_THREE_VIEWS), "the tensor view_seeds is (3, 2), not (3, 3)");
        changed(file, "shard", Optional.empty(), "the metadata \"shard\" is missing");
    }

    @Test
    void brokenTeachersAreFound() {
        float[] logits = new float[12];
        logits[6] = Float.NaN;
        assertThatThrownBy(() -> labels(logits)).hasMessageContaining("gives NaN for the image " + DIGESTS.get(1));
    }

    @Test
    void halfPrecisionIsTheNearestThereIs() throws IOException {
        double[] halves = finiteHalves();
        Random random = new Random(3);
        float[] logits = new float[HALF_ORIGIN.recipe().views() * DIGESTS.size() * 2];
        for (int round = 0; round < 300; round++) {
            for (int i = 0; i < logits.length; i++) {
                int half = random.nextInt(halves.length - 1);
                double between = i % 3 == 0 ? 0.5 : random.nextDouble();
                logits[i] = (float) (halves[half] + between * (halves[half + 1] - halves[half]));
            }
            SoftLabels labels = halved(logits);
            for (int i = 0; i < logits.length; i++) {
                assertThat(labels.logits(i / 4, i / 2 % 2)[i % 2])
                        .as("%s", logits[i])
                        .isEqualTo((float) nearest(halves, logits[i]));
            }
        }
    }

    @Test
    void halfPrecisionComesBackAsItWas() throws IOException {
        Path file = folder.resolve("half.safetensors");
        SoftLabels written = halved(0.1f, -2, 3, 1e-7f, 5, 65519, 7, 8, 9, 10, 11, LN3);
        written.write(file);
        SoftLabels read = SoftLabels.read(file);
        assertThat(read.origin()).isEqualTo(HALF_ORIGIN);
        for (int image = 0; image < 3; image++) {
            for (int view = 0; view < 2; view++) {
                assertThat(read.logits(image, view)).isEqualTo(written.logits(image, view));
            }
        }
        assertThat(read.logits(1, 0)).containsExactly(5, 65504);
        assertThat(Quality.of(read)).isEqualTo(Quality.of(written));
        byte[] once = Files.readAllBytes(file);
        read.write(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(once);
    }

    @Test
    void whatHalfPrecisionCannotHoldIsRefused() {
        float[] logits = new float[12];
        logits[4] = -65520;
        assertThatThrownBy(() -> halved(logits))
                .hasMessage("the teacher feed gives -65520.0 for the image " + DIGESTS.get(1)
                        + ": half precision ends at 65504. Label with logits FP32");
    }

    /** As docs/formats.md says it. */
    @ParameterizedTest
    @CsvSource({
        "10, 1, FP32, 80",
        "10, 2, FP32, 128",
        "10, 8, FP32, 416",
        "10, 1, FP16, 60",
        "10, 2, FP16, 88",
        "10, 8, FP16, 256",
        "1000, 1, FP32, 4040",
        "1000, 2, FP32, 8048",
        "1000, 8, FP32, 32096",
        "1000, 1, FP16, 2040",
        "1000, 2, FP16, 4048",
        "1000, 8, FP16, 16096",
    })
    void aFileIsAsLargeAsItsLabelsAreTold(int classes, int views, String logits, int bytesPerImage) throws IOException {
        LabelRecipe recipe = Recipes.LABEL.override(RECIPE, "{\"views\":" + views + ",\"logits\":\"" + logits + "\"}");
        List<String> digests =
                IntStream.range(0, 50).mapToObj(i -> digest("image " + i)).toList();
        SoftLabels labels = new SoftLabels(
                new SoftLabels.Origin("feed", "beef", recipe),
                classes,
                digests,
                new long[50 * views],
                new float[50 * views * classes]);
        Path file = folder.resolve("labels.safetensors");
        labels.write(file);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        long header = Long.BYTES + bytes.getLong();
        assertThat(bytes.capacity()).isEqualTo(header + 50L * bytesPerImage);
        assertThat(header).isLessThan(1024);
        String table = Files.readString(Path.of("../../docs/formats.md"));
        assertThat(table)
                .as("a row of the table")
                .contains("| " + classes + " | " + views + " | " + logits + " | "
                        + String.format(Locale.ROOT, "%,d", bytesPerImage) + " | ");
    }

    /** All numbers of half precision in their order, by what the bits mean. */
    private static double[] finiteHalves() {
        List<Double> values = new ArrayList<>();
        for (int exponent = 0; exponent < 31; exponent++) {
            for (int mantissa = 0; mantissa < 1024; mantissa++) {
                double value =
                        exponent == 0 ? mantissa * Math.pow(2, -24) : (1024 + mantissa) * Math.pow(2, exponent - 25);
                values.add(value);
                values.add(-value);
            }
        }
        return values.stream()
                .mapToDouble(value -> value + 0.0)
                .distinct()
                .sorted()
                .toArray();
    }

    private static double nearest(double[] halves, float value) {
        double best = halves[0];
        for (double half : halves) {
            double distance = Math.abs(half - value);
            double shortest = Math.abs(best - value);
            if (distance < shortest || (distance == shortest && isEven(half))) {
                best = half;
            }
        }
        return best;
    }

    /** Whether the last of 11 significant bits, or of the smallest numbers the last bit, is 0. */
    private static boolean isEven(double half) {
        double unit = Math.max(Math.ulp(half) * Math.pow(2, 42), Math.pow(2, -24));
        return Math.abs(half / unit) % 2 == 0;
    }

    private static SoftLabels halved(float... logits) {
        return new SoftLabels(HALF_ORIGIN, 2, DIGESTS, new long[] {10, 11, 12, 13, 14, 15}, logits);
    }

    /** Mean probabilities by hand: (1/4, 3/4), (3/8, 5/8) from two views that differ, (1, 0). */
    @Test
    void qualityIsThatOfTheMeanProbabilities() {
        Quality quality = Quality.of(labels(0, LN3, 5, 5 + LN3, 0, LN3, 2, 2, 1000, 0, 900, 0));
        assertThat(quality.meanConfidence()).isCloseTo((0.75 + 0.625 + 1) / 3, within(1e-6));
        double first = 2 * Math.log(2) - 0.75 * Math.log(3);
        double second = 3 * Math.log(2) - 0.375 * Math.log(3) - 0.625 * Math.log(5);
        assertThat(quality.meanEntropy()).isCloseTo((first + second) / 3, within(1e-6));
        assertThat(quality.classCounts()).containsExactly(1L, 2L);
        assertThat(quality.profile().confidenceHistogram()).containsExactly(0L, 0L, 0L, 0L, 0L, 0L, 1L, 1L, 0L, 1L);
        assertThat(quality.plain()).isFalse();
        assertThat(quality.watched()).isEqualTo(quality.profile());
    }

    private void changed(Path file, String name, Optional<String> value, String problem) throws IOException {
        Path copy = folder.resolve("changed.safetensors");
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Safetensors.Contents contents = Safetensors.read(file, manager);
            Map<String, String> metadata = new HashMap<>(contents.metadata());
            metadata.remove(name);
            value.ifPresent(text -> metadata.put(name, text));
            Safetensors.write(copy, contents.tensors(), metadata);
        }
        refused(copy, problem);
    }

    private static void refused(Path file, String problem) {
        assertThatThrownBy(() -> SoftLabels.read(file))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining(problem);
    }

    private static SoftLabels labels(float... logits) {
        return new SoftLabels(ORIGIN, 2, DIGESTS, new long[] {10, 11, 12, 13, 14, 15}, logits);
    }

    private static ImageSet images(List<String> digests) {
        ImageShape shape = new ImageShape(1, 1, 1);
        return ImageSet.of(shape, digests, new byte[digests.size()], digests, Optional.empty());
    }

    private static String digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
