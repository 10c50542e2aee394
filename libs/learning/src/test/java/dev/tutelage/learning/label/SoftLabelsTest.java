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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoftLabelsTest {
    private static final LabelRecipe RECIPE =
            Recipes.LABEL.override(Recipes.LABEL.preset("quick"), "{\"views\":2,\"seed\":9}");
    private static final String RECIPE_OF_THREE_VIEWS =
            Recipes.LABEL.write(Recipes.LABEL.override(RECIPE, "{\"views\":3}"));
    private static final SoftLabels.Origin ORIGIN = new SoftLabels.Origin("feed", "beef", RECIPE);
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
    void labelsBelongToImagesByDigest() {
        SoftLabels labels = labels(new float[12]);
        assertThat(labels.belongTo(images(DIGESTS))).isTrue();
        assertThat(labels.belongTo(images(DIGESTS.subList(0, 2)))).isFalse();
        assertThat(labels.belongTo(images(List.of(DIGESTS.get(1), DIGESTS.get(0), DIGESTS.get(2)))))
                .isFalse();
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
