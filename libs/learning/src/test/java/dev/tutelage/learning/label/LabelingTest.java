package dev.tutelage.learning.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.augment.ViewRenderer;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.evaluate.Features;
import dev.tutelage.learning.format.Architecture;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.CorruptFileException;
import dev.tutelage.learning.format.Provenance;
import dev.tutelage.learning.format.Stage;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.LabelRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelingTest {
    private static final ImageShape SHAPE = new ImageShape(1, 12, 10);
    private static final Classifier CLASSIFIER =
            Classifier.withoutHead(ResNet.basic(1, 4, List.of(1, 1), Stem.CIFAR), 5);
    private static final ImageSet IMAGES = images(23);

    @TempDir
    static Path folder;

    private static Weights weights;
    private static Teacher teacher;

    @BeforeAll
    static void load() throws IOException {
        weights = Weights.initialize(CLASSIFIER.parameters(), new Seed(4));
        weights.get("fc.weight").set(new Seed(5).normals(8 * 5));
        Provenance provenance = new Provenance(
                "t", Stage.FINE_TUNED, List.of("a", "b", "c", "d", "e"), SHAPE, "{}", Optional.empty(), "d", 1);
        Checkpoint.write(folder, new Architecture.Predicting(CLASSIFIER), weights, provenance, Map.of());
        teacher = Teacher.ofCheckpoint(folder, 1);
    }

    @AfterAll
    static void close() {
        teacher.close();
        weights.close();
    }

    @Test
    void howLongOneImageTakesIsMeasured() throws IOException {
        assertThat(Latency.medianMillis(folder)).isBetween(0.001, 1_000.0);
    }

    @Test
    void theStudentCanBeShownWhatTheTeacherSaw() {
        SoftLabels labels = label(IMAGES, recipe("{\"views\":3,\"plainView\":true}"));
        int[] batch = {20, 3, 11};
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            for (int view = 0; view < 3; view++) {
                int current = view;
                NDArray pixels = IMAGES.batch(manager, batch);
                NDArray seen = new ViewRenderer(labels.origin().recipe().crop().interpolation())
                        .render(
                                pixels,
                                Arrays.stream(batch)
                                        .mapToObj(image -> labels.view(SHAPE, image, current))
                                        .toList());
                float[] expected =
                        CLASSIFIER.logits(weights, seen, Mode.EVALUATION).toFloatArray();
                float[] stored = labels.logits(manager, batch, view).toFloatArray();
                assertThat(stored).containsExactly(expected, within(1e-4f));
            }
        }
    }

    @Test
    void aPlainViewIsTheImageItself() {
        SoftLabels labels = label(IMAGES, recipe("{\"views\":1,\"plainView\":true}"));
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            float[] expected = CLASSIFIER
                    .logits(weights, IMAGES.batch(manager, new int[] {7}), Mode.EVALUATION)
                    .toFloatArray();
            assertThat(labels.logits(7, 0)).containsExactly(expected, within(1e-4f));
        }
    }

    @Test
    void aLabelDependsOnTheImageAndTheRecipeAlone() {
        LabelRecipe recipe = recipe("{\"views\":2,\"plainView\":false,\"batchSize\":23}");
        SoftLabels all = label(IMAGES, recipe);
        SoftLabels few =
                label(IMAGES.subset(new int[] {9, 4}), recipe("{\"views\":2,\"plainView\":false,\"batchSize\":1}"));
        for (int view = 0; view < 2; view++) {
            assertThat(few.view(SHAPE, 0, view)).isEqualTo(all.view(SHAPE, 9, view));
            assertThat(few.logits(1, view)).containsExactly(all.logits(4, view), within(1e-5f));
        }
        assertThat(all.view(SHAPE, 9, 0)).isNotEqualTo(all.view(SHAPE, 9, 1)).isNotEqualTo(all.view(SHAPE, 4, 0));
    }

    /** The features of 64 images drawn at random, or of all; the same with any batch size. */
    @Test
    void aSampleOfFeaturesIsTakenOnTheWay() {
        ImageSet many = images(90);
        FeatureSample sample = sample(many, "{\"views\":2,\"plainView\":true,\"batchSize\":7}");
        assertThat(sample.images()).isEqualTo(64);
        assertThat(sample(many, "{\"views\":2,\"plainView\":true,\"batchSize\":90}")
                        .features())
                .containsExactly(sample.features(), within(1e-5f));
        FeatureSample all = sample(IMAGES, "{\"views\":1,\"plainView\":true}");
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            float[] expected =
                    Features.of(CLASSIFIER.encoder(), weights, IMAGES, manager).toFloatArray();
            assertThat(all.features()).containsExactly(expected, within(1e-4f));
        }
    }

    private static FeatureSample sample(ImageSet images, String overrides) {
        FeatureSample sample = new FeatureSample(images.size(), new Seed(3));
        SoftLabels.Origin origin = new SoftLabels.Origin("feed", "beef", recipe(overrides));
        SoftLabels unused = Labeling.run(teacher, images, origin, sample, done -> {});
        return sample;
    }

    @Test
    void whatIsWatchedIsThePlainViewWhereThereIsOne() {
        SoftLabels labels = label(IMAGES, recipe("{\"views\":3,\"plainView\":true}"));
        SoftLabels plain = label(IMAGES, recipe("{\"views\":1,\"plainView\":true}"));
        assertThat(Quality.of(labels).plain()).isTrue();
        assertThat(Quality.of(labels).watched()).isEqualTo(Quality.of(plain).profile());
    }

    @Test
    void progressIsToldAndCanEndIt() {
        List<Integer> told = new ArrayList<>();
        LabelRecipe recipe = recipe("{\"batchSize\":10}");
        Labeling.run(teacher, IMAGES, new SoftLabels.Origin("t", "s", recipe), told::add);
        assertThat(told).containsExactly(10, 20, 23);
        assertThatThrownBy(() -> Labeling.run(teacher, IMAGES, new SoftLabels.Origin("t", "s", recipe), done -> {
                    throw new IllegalStateException("stop at " + done);
                }))
                .hasMessage("stop at 10");
    }

    @Test
    void imagesOfAnotherShapeAreRefused() {
        ImageSet others =
                ImageSet.of(new ImageShape(1, 2, 2), List.of("a"), new byte[4], List.of("00"), Optional.empty());
        assertThatThrownBy(() -> label(others, recipe("{}")))
                .hasMessage("the teacher labels images of 1x12x10, not 1x2x2");
    }

    @Test
    void noImagesGiveNoLabels(@TempDir Path empty) throws IOException {
        SoftLabels none = label(IMAGES.subset(new int[0]), recipe("{}"));
        none.write(empty.resolve("none"));
        assertThat(SoftLabels.read(empty.resolve("none")).size()).isZero();
        assertThatThrownBy(() -> Quality.of(none)).hasMessageContaining("no image");
    }

    @Test
    void pretrainedCheckpointsCannotLabel(@TempDir Path pretrained) throws IOException {
        Architecture architecture = new Architecture.Pretrained(CLASSIFIER.encoder(), new ProjectionHead(8, 2, 8));
        Provenance provenance = new Provenance("t", Stage.PRETRAINED, List.of(), SHAPE, "{}", Optional.empty(), "d", 1);
        try (Weights fresh = Weights.initialize(architecture.parameters(), new Seed(1))) {
            Checkpoint.write(pretrained, architecture, fresh, provenance, Map.of());
        }
        assertThatThrownBy(() -> Teacher.ofCheckpoint(pretrained, 1))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("is a pretrained checkpoint, which cannot label");
    }

    private static SoftLabels label(ImageSet images, LabelRecipe recipe) {
        return Labeling.run(teacher, images, new SoftLabels.Origin("feed", "beef", recipe), done -> {});
    }

    private static LabelRecipe recipe(String overrides) {
        return Recipes.LABEL.override(Recipes.LABEL.preset("quick"), overrides);
    }

    private static ImageSet images(int count) {
        byte[] pixels = new byte[count * SHAPE.size()];
        new Random(6).nextBytes(pixels);
        List<String> digests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            digests.add(Sha256.of(new byte[] {(byte) i}));
        }
        return ImageSet.of(SHAPE, digests, pixels, digests, Optional.empty());
    }
}
