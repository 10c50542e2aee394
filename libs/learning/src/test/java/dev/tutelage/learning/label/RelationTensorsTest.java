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
import dev.tutelage.learning.hygiene.Resemblance;
import dev.tutelage.learning.recipe.LabelRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelationTensorsTest {
    private static final LabelRecipe RECIPE = Recipes.LABEL.override(Recipes.LABEL.preset("quick"), "{\"views\":1}");
    private static final SoftLabels.Origin ORIGIN = new SoftLabels.Origin("feed", "beef", RECIPE);

    @TempDir
    Path folder;

    @Test
    void relationsComeBackWithTheLabels() throws IOException {
        ImageRelations relations = new ImageRelations(
                List.of(-1L, Long.MIN_VALUE),
                List.of(new Link(digest("c"), digest("s")), new Link(digest("d"), digest("t"))),
                List.of(new Resemblance(digest("a"), digest("z"), 7)));
        assertThat(writtenAndRead(labels(2).with(relations)).relations()).isEqualTo(relations);
    }

    @Test
    void whatIsNotKnownTakesNoRoom() throws IOException {
        Path file = folder.resolve("labels");
        labels(2).write(file);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            assertThat(Safetensors.read(file, manager).tensors())
                    .containsOnlyKeys("view_seeds", "logits", "image_digests");
        }
        assertThat(SoftLabels.read(file).relations()).isEqualTo(ImageRelations.UNKNOWN);
    }

    /** A shard all of whose images are labeled elsewhere. */
    @Test
    void labelsOfNoImageHaveLinksAlone() throws IOException {
        ImageRelations relations =
                new ImageRelations(List.of(), List.of(new Link(digest("c"), digest("s"))), List.of());
        SoftLabels read = writtenAndRead(labels(0).with(relations));
        assertThat(read.size()).isZero();
        assertThat(read.views()).isEqualTo(1);
        assertThat(read.relations()).isEqualTo(relations);
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        assertThatThrownBy(() -> labels(2).with(new ImageRelations(List.of(1L), List.of(), List.of())))
                .hasMessage("2 images have 1 perceptual hashes");
        refused("linked_images", new float[] {1}, "linked_images is float32 (1), not UINT8 of 32 columns");
        refused("image_hashes", new float[] {1}, "image_hashes is not of INT64");
        Path file = folder.resolve("torn");
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Map<String, NDArray> tensors = new LinkedHashMap<>(tensors(manager));
            tensors.remove("linked_shards");
            write(file, tensors);
        }
        assertThatThrownBy(() -> SoftLabels.read(file)).hasMessageContaining("do not fit each other");
    }

    private void refused(String name, float[] values, String problem) throws IOException {
        Path file = folder.resolve("refused");
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Map<String, NDArray> tensors = new LinkedHashMap<>(tensors(manager));
            tensors.put(name, manager.create(values, new Shape(values.length)));
            write(file, tensors);
        }
        assertThatThrownBy(() -> SoftLabels.read(file))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining(problem);
    }

    private Map<String, NDArray> tensors(NDManager manager) throws IOException {
        Path file = folder.resolve("whole");
        labels(2)
                .with(new ImageRelations(List.of(), List.of(new Link(digest("c"), digest("s"))), List.of()))
                .write(file);
        return Safetensors.read(file, manager).tensors();
    }

    private void write(Path file, Map<String, NDArray> tensors) throws IOException {
        Safetensors.write(file, tensors, Safetensors.metadata(folder.resolve("whole")));
    }

    private SoftLabels writtenAndRead(SoftLabels labels) throws IOException {
        Path file = folder.resolve("labels");
        labels.write(file);
        return SoftLabels.read(file);
    }

    private static SoftLabels labels(int images) {
        List<String> digests = List.of(digest("a"), digest("b")).subList(0, images);
        return new SoftLabels(ORIGIN, 3, digests, new long[images], new float[images * 3]);
    }

    private static String digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
