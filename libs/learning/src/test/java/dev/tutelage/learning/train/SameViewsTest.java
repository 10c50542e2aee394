package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.label.Labeling;
import dev.tutelage.learning.label.SoftLabels;
import dev.tutelage.learning.label.Teacher;
import dev.tutelage.learning.recipe.LabelRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whether the student sees what the teacher saw. The soft labels of a {@link MirrorTeacher} hold the tensors that reached
 * it.
 */
class SameViewsTest {
    private static final ImageShape SHAPE = new ImageShape(2, 9, 7);
    private static final int IMAGES = 23;
    private static final float TOLERANCE = 1e-6f;

    private static Teacher mirror;

    @BeforeAll
    static void load(@TempDir Path folder) throws IOException {
        mirror = MirrorTeacher.load(folder, SHAPE);
    }

    @AfterAll
    static void close() {
        mirror.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1, true, BILINEAR, 23",
        "1, false, BICUBIC, 4",
        "3, true, BICUBIC, 1",
        "3, false, BILINEAR, 5",
        "8, true, BILINEAR, 250",
        "8, true, BICUBIC, 7",
    })
    void theStudentSeesTheTensorThatTheTeacherSaw(int views, boolean plain, String interpolation, int batchSize)
            throws IOException {
        LabelRecipe recipe = Recipes.LABEL.override(
                Recipes.LABEL.preset("quick"),
                "{\"views\":" + views + ",\"plainView\":" + plain + ",\"batchSize\":" + batchSize
                        + ",\"crop\":{\"minArea\":0.1,\"interpolation\":\"" + interpolation + "\"}}");
        StoredLogits stored = new StoredLogits(List.of(label(images(1), recipe), label(images(2), recipe)));
        Random random = new Random(views);
        for (int epoch = 0; epoch <= views; epoch++) {
            for (int size : new int[] {1, 6, 2 * IMAGES}) {
                int[] batch = random.ints(size, 0, 2 * IMAGES).toArray();
                try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                    TeacherSignal.Lesson lesson = stored.lesson(scope, batch, epoch);
                    assertThat(lesson.seen().toFloatArray())
                            .containsExactly(lesson.logits().toFloatArray(), within(TOLERANCE));
                }
            }
        }
    }

    /** Through the file, as between two services. */
    private static LabeledShard label(ImageSet images, LabelRecipe recipe) throws IOException {
        SoftLabels.Origin origin = new SoftLabels.Origin("mirror", images.key(0), recipe);
        Path file = Files.createTempFile("labels", ".safetensors");
        try {
            Labeling.run(mirror, images, origin, done -> {}).write(file);
            return new LabeledShard(images, SoftLabels.read(file));
        } finally {
            Files.delete(file);
        }
    }

    private static ImageSet images(int seed) {
        byte[] pixels = new byte[IMAGES * SHAPE.size()];
        new Random(seed).nextBytes(pixels);
        List<String> digests = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            digests.add(String.format("%02x", seed * 100 + i).repeat(32));
        }
        return ImageSet.of(SHAPE, digests, pixels, digests, Optional.empty());
    }
}
