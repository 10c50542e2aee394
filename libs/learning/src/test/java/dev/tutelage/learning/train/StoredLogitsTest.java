package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.label.Labeling;
import dev.tutelage.learning.label.SoftLabels;
import dev.tutelage.learning.label.Teacher;
import dev.tutelage.learning.recipe.DistillRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which images are learned from, and that each goes with its own label: what a {@link MirrorTeacher} says of it. */
class StoredLogitsTest {
    private static final ImageShape SHAPE = new ImageShape(1, 8, 8);

    private static Teacher mirror;

    @BeforeAll
    static void load(@TempDir Path folder) throws IOException {
        mirror = MirrorTeacher.load(folder, SHAPE);
    }

    @AfterAll
    static void close() {
        mirror.close();
    }

    @Test
    void wholeShardsAreLearnedFromInTheirOrder() {
        StoredLogits all = new StoredLogits(List.of(labeled(images(1, 2, 3), 1, 2, 3), labeled(images(5, 4), 5, 4)));
        assertLearned(all, 1, 2, 3, 5, 4);
    }

    @Test
    void imagesWithoutSoftLabelsAreLeftOut() {
        StoredLogits some = new StoredLogits(
                List.of(labeled(images(1, 2, 3, 4), 4, 2), labeled(images(5, 6)), labeled(images(7, 8), 8)));
        assertLearned(some, 2, 4, 8);
    }

    /** Which of two shards with the same image is labeled sooner, and links the other one to it, is chance. */
    @Test
    void anImageIsLearnedFromWhereItIsFirstWhicheverShardHoldsItsLabel() {
        StoredLogits later = new StoredLogits(List.of(labeled(images(1, 2, 3), 1, 3), labeled(images(4, 2), 4, 2)));
        StoredLogits sooner = new StoredLogits(List.of(labeled(images(1, 2, 3), 1, 2, 3), labeled(images(4, 2), 4)));
        assertLearned(later, 1, 2, 3, 4);
        assertLearned(sooner, 1, 2, 3, 4);
    }

    @Test
    void anImageIsLearnedFromOnce() {
        StoredLogits once = new StoredLogits(List.of(
                labeled(images(1, 2, 1, 3), 1, 2, 1),
                labeled(images(3, 2, 4), 3, 2, 4),
                labeled(images(4, 5, 5), 4, 5, 5)));
        assertLearned(once, 1, 2, 3, 4, 5);
    }

    @Test
    void onlySelectedImagesAreLearnedFrom() {
        Set<String> selected = Set.of(digest(2), digest(5), digest(9));
        StoredLogits some = new StoredLogits(
                List.of(labeled(images(1, 2), 1, 2), labeled(images(4, 5, 2), 4, 5, 2)), selected::contains);
        assertLearned(some, 2, 5);
    }

    @Test
    void aStudentOfNoImageIsRefused() {
        StoredLogits nothing = new StoredLogits(List.of(labeled(images(1, 2), 1, 2)), digest -> false);
        DistillRecipe recipe = Recipes.DISTILL.preset("quick");
        assertThatThrownBy(() -> Distillation.run(
                        recipe, Distillation.Sources.of(nothing), Toys.images(4, 1), TrainingContext.alone()))
                .hasMessage("distill needs 2 images or more, not 0");
    }

    private static void assertLearned(StoredLogits stored, int... numbers) {
        assertThat(IntStream.range(0, stored.images().size()).mapToObj(stored.images()::digest))
                .containsExactlyElementsOf(Arrays.stream(numbers)
                        .mapToObj(StoredLogitsTest::digest)
                        .toList());
        int[] batch = IntStream.range(0, numbers.length).toArray();
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            TeacherSignal.Lesson lesson = stored.lesson(scope, batch, 0);
            float[] seen = lesson.seen().toFloatArray();
            assertThat(seen).isEqualTo(lesson.logits().toFloatArray());
            for (int i = 0; i < numbers.length; i++) {
                assertThat(seen[i * SHAPE.size()]).as("the image %s", i).isEqualTo(numbers[i] / 255f);
            }
        }
    }

    private static LabeledShard labeled(ImageSet images, int... labeled) {
        SoftLabels.Origin origin = new SoftLabels.Origin(
                "mirror",
                "shard",
                Recipes.LABEL.override(Recipes.LABEL.preset("quick"), "{\"views\":1,\"plainView\":true}"));
        return new LabeledShard(images, Labeling.run(mirror, images(labeled), origin, done -> {}));
    }

    /** Images that are of one brightness each: their number. */
    private static ImageSet images(int... numbers) {
        byte[] pixels = new byte[numbers.length * SHAPE.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) numbers[i / SHAPE.size()];
        }
        List<String> digests =
                Arrays.stream(numbers).mapToObj(StoredLogitsTest::digest).toList();
        return ImageSet.of(SHAPE, digests, pixels, digests, Optional.empty());
    }

    private static String digest(int number) {
        return String.format("%02x", number).repeat(32);
    }
}
