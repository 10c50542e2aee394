package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.evaluate.Top1;
import dev.tutelage.learning.format.Onnx;
import dev.tutelage.learning.label.Labeling;
import dev.tutelage.learning.label.SoftLabels;
import dev.tutelage.learning.label.Teacher;
import dev.tutelage.learning.recipe.DistillRecipe;
import dev.tutelage.learning.recipe.FineTuneRecipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.recipe.SupervisedRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StagesTest {

    private static final ImageSet UNLABELED = Toys.images(64, 1);
    private static final ImageSet LABELED = Toys.images(16, 2);
    private static final ImageSet HELD_OUT = Toys.images(50, 3);
    private static final FineTuneRecipe FINE_TUNE =
            Recipes.FINE_TUNE.override(Recipes.FINE_TUNE.preset("quick"), "{\"epochs\":40,\"batchSize\":8}");

    private static PretrainedModel pretrained;

    @TempDir
    Path folder;

    @BeforeAll
    static void pretrain() {
        pretrained = Pretraining.run(Toys.pretrain("{}"), UNLABELED, TrainingContext.alone());
    }

    @AfterAll
    static void close() {
        pretrained.close();
    }

    @Test
    void pretrainingLooksAtNoLabel() {
        try (PretrainedModel again =
                Pretraining.run(Toys.pretrain("{}"), UNLABELED.withoutLabels(), TrainingContext.alone())) {
            assertThat(again.metrics()).isEqualTo(pretrained.metrics());
        }
    }

    @Test
    void pretrainingLowersTheContrastiveLoss() {
        try (PretrainedModel longer =
                Pretraining.run(Toys.pretrain("{\"epochs\":12}"), UNLABELED, TrainingContext.alone())) {
            assertThat(longer.metrics().get("loss"))
                    .isLessThan(pretrained.metrics().get("loss") - 0.3);
            assertThat(longer.metrics().get("deviation")).as("not collapsed").isGreaterThan(0.5);
            assertThat(longer.metrics().get("alignment"))
                    .as("two views at random are 2 apart")
                    .isBetween(0.0, 1.5);
        }
    }

    @Test
    void fineTuningLearnsTheClassesAndLeavesTheParent() {
        float[] before = pretrained.weights().get("conv1.weight").toFloatArray();
        try (ClassifierModel teacher =
                FineTuning.run(FINE_TUNE, pretrained, LABELED, Toys.CLASSES, HELD_OUT, TrainingContext.alone())) {
            assertThat(teacher.metrics().get("top1"))
                    .isGreaterThan(90)
                    .isEqualTo(Top1.percent(teacher.classifier(), teacher.weights(), HELD_OUT));
            assertThat(teacher.metrics()).containsKeys("minClassRecall", "calibrationError");
            assertThat(teacher.heldOut().imageDigests())
                    .isEqualTo(IntStream.range(0, HELD_OUT.size())
                            .mapToObj(HELD_OUT::digest)
                            .toList());
            assertThat(teacher.classifier().head().layers()).isEqualTo(1);
        }
        assertThat(pretrained.weights().get("conv1.weight").toFloatArray()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void fineTuningStartsFromAnyLayerOfTheHead(int layer) {
        FineTuneRecipe recipe = Recipes.FINE_TUNE.override(FINE_TUNE, "{\"epochs\":120,\"headLayers\":" + layer + "}");
        try (ClassifierModel model =
                FineTuning.run(recipe, pretrained, LABELED, Toys.CLASSES, HELD_OUT, TrainingContext.alone())) {
            assertThat(model.classifier().head().layers()).isEqualTo(layer);
            assertThat(model.metrics().get("top1")).isGreaterThan(75);
        }
    }

    @Test
    void theHeadAloneLearnsOnAFrozenEncoder() {
        FineTuneRecipe recipe = Recipes.FINE_TUNE.override(
                FINE_TUNE, "{\"trained\":\"HEAD\",\"epochs\":120,\"optimizer\":{\"learningRate\":0.01}}");
        try (ClassifierModel model = fineTune(recipe, LABELED, Toys.CLASSES)) {
            model.classifier().encoder().parameters().forEach(parameter -> assertThat(
                            model.weights().get(parameter.name()).toFloatArray())
                    .as(parameter.name())
                    .isEqualTo(pretrained.weights().get(parameter.name()).toFloatArray()));
            assertThat(model.weights().get("projection.0.linear.weight").toFloatArray())
                    .isNotEqualTo(pretrained
                            .weights()
                            .get("projection.0.linear.weight")
                            .toFloatArray());
            assertThat(model.metrics().get("top1")).isGreaterThan(75);
        }
    }

    @Test
    void fewerLabelsMayBeUsed() {
        FineTuneRecipe recipe = Recipes.FINE_TUNE.override(FINE_TUNE, "{\"labelFraction\":0.5}");
        try (ClassifierModel model = fineTune(recipe, LABELED, Toys.CLASSES)) {
            assertThat(model.metrics()).containsEntry("labels", 8.0);
        }
    }

    @Test
    void fineTuningStopsEarlyOnLabelsPutAside() {
        FineTuneRecipe recipe =
                Recipes.FINE_TUNE.override(FINE_TUNE, "{\"epochs\":400,\"validation\":{\"part\":0.25,\"patience\":5}}");
        try (ClassifierModel model = fineTune(recipe, LABELED, Toys.CLASSES)) {
            assertThat(model.metrics().get("bestEpoch")).isLessThan(396);
            assertThat(model.metrics().get("validationLoss")).isLessThan(0.5);
            assertThat(model.metrics().get("top1")).isGreaterThan(80);
        }
    }

    @Test
    void aSettingThatDivergesIsOut() {
        SupervisedRecipe recipe = Recipes.SUPERVISED.override(
                Recipes.SUPERVISED.preset("quick"),
                "{\"encoder\":{\"width\":4,\"blocks\":[1,1],\"stem\":\"CIFAR\"},\"batchSize\":8,\"sweep\":["
                        + setting("100").replace("ADAMW", "SGD").replace("\"weightDecay\":0", "\"weightDecay\":1")
                        + "," + setting("0.01") + "]}");
        try (ClassifierModel best = Supervised.run(recipe, LABELED, Toys.CLASSES, HELD_OUT, TrainingContext.alone())) {
            assertThat(best.metrics()).containsEntry("setting", 1.0).doesNotContainKey("top1.0");
        }
    }

    @Test
    void fineTuningTellsWhatDoesNotFit() {
        FineTuneRecipe deep = Recipes.FINE_TUNE.override(FINE_TUNE, "{\"headLayers\":4}");
        assertThatThrownBy(() -> fineTune(deep, LABELED, Toys.CLASSES))
                .hasMessage("headLayers must be 0..3 on this head, not 4");
        int[] labels = new int[16];
        labels[7] = 5;
        assertThatThrownBy(() -> fineTune(FINE_TUNE, LABELED.withLabels(labels), Toys.CLASSES))
                .hasMessage("image image-2-7 has label 5; needed is 0..1");
        assertThatThrownBy(() -> fineTune(FINE_TUNE, LABELED.withoutLabels(), Toys.CLASSES))
                .hasMessage("image image-2-0 has no label; needed is 0..1");
    }

    @Test
    void theSweepKeepsTheSettingThatDoesBest() {
        // The first setting's learning rate is too small to learn anything.
        SupervisedRecipe recipe = Recipes.SUPERVISED.override(
                Recipes.SUPERVISED.preset("quick"),
                "{\"encoder\":{\"width\":4,\"blocks\":[1,1],\"stem\":\"CIFAR\"},\"batchSize\":8,\"sweep\":["
                        + setting("1e-9") + "," + setting("0.01") + "]}");
        try (ClassifierModel best = Supervised.run(recipe, LABELED, Toys.CLASSES, HELD_OUT, TrainingContext.alone())) {
            assertThat(best.metrics()).containsKeys("loss", "top1.0");
            assertThat(best.metrics().get("setting")).isEqualTo(1);
            assertThat(best.metrics().get("top1"))
                    .isEqualTo(best.metrics().get("top1.1"))
                    .isGreaterThan(90);
        }
    }

    @Test
    void aStudentLearnsFromSoftLabelsAlone() throws IOException {
        DistillRecipe recipe = Recipes.DISTILL.override(
                Recipes.DISTILL.preset("quick"),
                "{\"encoder\":{\"width\":4,\"blocks\":[1,1],\"stem\":\"CIFAR\"},\"batchSize\":8,\"epochs\":12}");
        List<LabeledShard> shards = List.of(label(UNLABELED, "a"), label(LABELED, "b"));
        Distillation.Sources sources = Distillation.Sources.of(new StoredLogits(shards));
        try (ClassifierModel student = Distillation.run(recipe, sources, HELD_OUT, TrainingContext.alone())) {
            assertThat(student.metrics().get("top1")).isGreaterThan(90);
        }
        assertThatThrownBy(() -> new LabeledShard(LABELED, shards.get(0).labels()))
                .hasMessageContaining("image-1-0 that is not among the 16 images that could be read of it");
    }

    @Test
    void divergenceIsToldWithWhatToTry() {
        assertThatThrownBy(() -> Pretraining.run(
                        Toys.pretrain(
                                "{\"epochs\":200,\"optimizer\":{\"kind\":\"SGD\",\"learningRate\":100,\"weightDecay\":1}}"),
                        UNLABELED,
                        TrainingContext.alone()))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("pretrain diverged: the loss of step")
                .hasMessageContaining("Try a lower optimizer.learningRate");
    }

    @Test
    void oneImageIsNotEnough() {
        ImageSet one = UNLABELED.subset(new int[] {0});
        assertThatThrownBy(() -> Pretraining.run(Toys.pretrain("{}"), one, TrainingContext.alone()))
                .hasMessage("pretrain needs 2 images or more, not 1");
    }

    private LabeledShard label(ImageSet images, String name) throws IOException {
        Path onnx = folder.resolve("model-" + name + ".onnx");
        try (ClassifierModel model = fineTune(FINE_TUNE, LABELED, Toys.CLASSES)) {
            Onnx.write(onnx, model.classifier(), model.weights(), Toys.SHAPE);
        }
        try (Teacher teacher = Teacher.load(onnx, Toys.SHAPE, Toys.CLASSES, 1)) {
            SoftLabels.Origin origin = new SoftLabels.Origin("teacher", name, Recipes.LABEL.preset("quick"));
            return new LabeledShard(images, Labeling.run(teacher, images, origin, done -> {}));
        }
    }

    private static ClassifierModel fineTune(FineTuneRecipe recipe, ImageSet labeled, int classes) {
        return FineTuning.run(recipe, pretrained, labeled, classes, HELD_OUT, TrainingContext.alone());
    }

    private static String setting(String learningRate) {
        return "{\"crop\":{\"minArea\":0.8,\"maxArea\":1,\"maxAspect\":1,\"flip\":0,\"interpolation\":\"BILINEAR\"},"
                + "\"epochs\":40,\"optimizer\":{\"kind\":\"ADAMW\",\"learningRate\":" + learningRate
                + ",\"scaling\":\"NONE\",\"warmup\":0,\"weightDecay\":0,\"momentum\":0.9}}";
    }
}
