package dev.tutelage.learning.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.format.CorruptFileException;
import dev.tutelage.learning.format.Safetensors;
import dev.tutelage.learning.hygiene.ImageRelations;
import dev.tutelage.learning.hygiene.Link;
import dev.tutelage.learning.recipe.LabelRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoftLabelIndexTest {
    private static final LabelRecipe RECIPE =
            Recipes.LABEL.override(Recipes.LABEL.preset("quick"), "{\"views\":2,\"seed\":9}");
    private static final List<String> DIGESTS = List.of(digest("a"), digest("b"), digest("c"));

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("labels.safetensors");
        new SoftLabels(
                        new SoftLabels.Origin("feed", "beef", RECIPE),
                        2,
                        DIGESTS,
                        new long[] {10, 11, 12, 13, 14, 15},
                        new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
                .write(file);
    }

    @Test
    void itSaysWhatTheLabelsSay() throws IOException {
        assertThat(SoftLabelIndex.read(file)).isEqualTo(new SoftLabelIndex("feed", "beef", 2, 2, DIGESTS, List.of()));
    }

    @Test
    void itSaysWhichImagesHaveTheirLabelsElsewhere() throws IOException {
        Link link = new Link(DIGESTS.get(1), DIGESTS.get(2));
        SoftLabels.read(file)
                .with(new ImageRelations(List.of(), List.of(link), List.of()))
                .write(file);
        assertThat(SoftLabelIndex.read(file).links()).containsExactly(link);
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        refusedWith("classes", "5", "the tensor logits is [3, 2, 2], not [3, 2, 5]");
        refusedWith("classes", "many", "many");
        refusedWith("format_version", "0", "its format version is 0");
        refusedWith("recipe", "{}", "recipe");
        refused(tensors -> tensors.remove("view_seeds"), "the tensor view_seeds of I64 is missing");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertRefused(file, "is torn");
    }

    @Test
    void everyLogitIsLookedAt() throws IOException {
        refused(
                tensors -> {
                    float[] logits = new float[12];
                    logits[11] = Float.NEGATIVE_INFINITY;
                    tensors.put("logits", tensors.get("logits").getManager().create(logits, new Shape(3, 2, 2)));
                },
                "a logit is not finite");
    }

    private interface Change {
        void of(Map<String, NDArray> tensors);
    }

    private void refused(Change change, String problem) throws IOException {
        changed(change, Map.of(), problem);
    }

    private void refusedWith(String name, String value, String problem) throws IOException {
        changed(tensors -> {}, Map.of(name, value), problem);
    }

    private void changed(Change change, Map<String, String> changes, String problem) throws IOException {
        Path copy = folder.resolve("changed.safetensors");
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Safetensors.Contents contents = Safetensors.read(file, manager);
            Map<String, NDArray> tensors = new LinkedHashMap<>(contents.tensors());
            change.of(tensors);
            Map<String, String> metadata = new HashMap<>(contents.metadata());
            metadata.putAll(changes);
            Safetensors.write(copy, tensors, metadata);
        }
        assertRefused(copy, problem);
    }

    private static void assertRefused(Path file, String problem) {
        assertThatThrownBy(() -> SoftLabelIndex.read(file))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining(problem);
    }

    private static String digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
