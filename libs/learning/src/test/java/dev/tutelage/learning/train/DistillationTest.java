package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.DistillRecipe;
import dev.tutelage.learning.recipe.FineTuneRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DistillationTest {

    private static final ImageSet UNLABELED = Toys.images(64, 1);
    private static final ImageSet LABELED = Toys.images(16, 2);
    private static final ImageSet HELD_OUT = Toys.images(50, 3);
    private static final DistillRecipe LIVE = Recipes.DISTILL.override(
            Recipes.DISTILL.preset("quick"),
            "{\"encoder\":{\"width\":4,\"blocks\":[1,1],\"stem\":\"CIFAR\"},\"batchSize\":8,\"labeledBatchSize\":8,"
                    + "\"epochs\":12,\"teacher\":\"LIVE\"}");

    private static PretrainedModel pretrained;
    private static ClassifierModel teacher;

    @BeforeAll
    static void trainTeacher() {
        pretrained = Pretraining.run(Toys.pretrain("{}"), UNLABELED, TrainingContext.alone());
        FineTuneRecipe recipe =
                Recipes.FINE_TUNE.override(Recipes.FINE_TUNE.preset("quick"), "{\"epochs\":40,\"batchSize\":8}");
        teacher = FineTuning.run(recipe, pretrained, LABELED, Toys.CLASSES, HELD_OUT, TrainingContext.alone());
    }

    @AfterAll
    static void close() {
        teacher.close();
        pretrained.close();
    }

    @Test
    void aStudentLearnsBesideALiveTeacher() {
        try (ClassifierModel student = distill(LIVE, Distillation.Sources.of(live(teacher)))) {
            assertThat(student.metrics().get("top1")).isGreaterThan(90);
        }
    }

    /** The paper's chain: the teacher to its own kind, and that to a smaller one. */
    @Test
    void aSelfDistilledNetworkTeachesASmallOne() {
        DistillRecipe self = Recipes.DISTILL.override(LIVE, "{\"temperature\":0.1}");
        DistillRecipe small = Recipes.DISTILL.override(LIVE, "{\"encoder\":{\"width\":2},\"epochs\":40}");
        try (ClassifierModel middle = distill(self, Distillation.Sources.of(live(teacher)));
                ClassifierModel student = distill(small, Distillation.Sources.of(live(middle)))) {
            assertThat(middle.classifier().encoder())
                    .isEqualTo(teacher.classifier().encoder());
            assertThat(student.classifier().encoder().width()).isEqualTo(2);
            assertThat(student.metrics().get("top1")).isGreaterThan(85);
        }
    }

    /** A teacher that always says class 0 teaches nothing; labels beside it do. */
    @Test
    void alphaWeighsTheTeacherAgainstLabels() {
        Classifier stubborn = Classifier.withoutHead(LIVE.encoder().resNet(1), Toys.CLASSES);
        try (Weights weights = Weights.initialize(stubborn.parameters(), new Seed(1))) {
            try (NDArray bias = weights.get("fc.bias").getManager().create(new float[] {3, 0}, new Shape(2))) {
                Weights.assign(weights.get("fc.bias"), bias);
            }
            TeacherSignal signal = new LiveTeacher(stubborn, weights, UNLABELED, LIVE.crop(), 1);
            try (ClassifierModel misled = distill(LIVE, Distillation.Sources.of(signal));
                    ClassifierModel taught = distill(
                            Recipes.DISTILL.override(LIVE, "{\"alpha\":0.05}"),
                            new Distillation.Sources(signal, Optional.of(LABELED), Optional.empty()))) {
                assertThat(misled.metrics().get("top1")).isEqualTo(50);
                assertThat(taught.metrics().get("top1")).isGreaterThan(85);
            }
        }
    }

    @Test
    void aStudentStartsFromGivenWeights() {
        DistillRecipe still = Recipes.DISTILL.override(
                LIVE, "{\"epochs\":1,\"optimizer\":{\"learningRate\":1e-12,\"weightDecay\":0}}");
        for (Weights start : List.of(pretrained.weights(), teacher.weights())) {
            Distillation.Sources sources =
                    new Distillation.Sources(live(teacher), Optional.empty(), Optional.of(start));
            try (ClassifierModel student = distill(still, sources)) {
                assertThat(student.weights().get("conv1.weight").toFloatArray())
                        .isEqualTo(start.get("conv1.weight").toFloatArray());
            }
        }
    }

    @Test
    void whatDoesNotFitIsTold() {
        DistillRecipe wider = Recipes.DISTILL.override(LIVE, "{\"encoder\":{\"width\":8}}");
        DistillRecipe deeper = Recipes.DISTILL.override(LIVE, "{\"encoder\":{\"blocks\":[1,1,1]}}");
        Distillation.Sources fromTeacher =
                new Distillation.Sources(live(teacher), Optional.empty(), Optional.of(teacher.weights()));
        assertThatThrownBy(() -> distill(wider, fromTeacher)).hasMessageContaining("conv1.weight has shape");
        assertThatThrownBy(() -> distill(deeper, fromTeacher))
                .hasMessageContaining("has no tensor layer3")
                .hasMessageContaining("its encoder is not the recipe's");
        assertThatThrownBy(() -> distill(
                        Recipes.DISTILL.override(LIVE, "{\"alpha\":0.5}"), Distillation.Sources.of(live(teacher))))
                .hasMessage("alpha is 0.5, which takes labeled images");
        assertThatThrownBy(() ->
                        distill(LIVE, new Distillation.Sources(live(teacher), Optional.of(LABELED), Optional.empty())))
                .hasMessage("alpha is 1.0, which takes no labeled images");
    }

    private static TeacherSignal live(ClassifierModel model) {
        return new LiveTeacher(model.classifier(), model.weights(), UNLABELED, LIVE.crop(), 1);
    }

    private static ClassifierModel distill(DistillRecipe recipe, Distillation.Sources sources) {
        return Distillation.run(recipe, sources, HELD_OUT, TrainingContext.alone());
    }
}
