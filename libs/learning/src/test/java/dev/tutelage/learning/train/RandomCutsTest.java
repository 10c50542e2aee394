package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.DistillRecipe;
import dev.tutelage.learning.recipe.FineTuneRecipe;
import dev.tutelage.learning.recipe.MemoryRecipe;
import dev.tutelage.learning.recipe.OptimizerRecipe.Kind;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.recipe.ValidationRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each stage, with everything that it can remember turned on, is cut at five random steps and goes on with the same bits. */
class RandomCutsTest {

    private static final int CUTS = 5;
    private static final ValidationRecipe VALIDATION = new ValidationRecipe(0.3, 4);

    @TempDir
    Path folder;

    /** Everything about an ended training that can be seen. */
    private record Outcome(Map<String, List<Integer>> bits, Map<String, Double> metrics) {}

    @Test
    void pretrainingWithMemoryAndProbes() throws IOException {
        PretrainRecipe recipe = Recipes.PRETRAIN.override(
                TinyTask.pretrain(Kind.LARS, new MemoryRecipe(20, 0.9)),
                "{\"epochs\":12,\"probe\":{\"every\":2,\"neighbours\":3}}");
        Probe probe = new Probe(TinyTask.IMAGES, TinyTask.IMAGES, TinyTask.CLASSES);
        cutAtRandomSteps(24, context -> {
            try (PretrainedModel model = Pretraining.run(recipe, TinyTask.IMAGES, Optional.of(probe), context)) {
                return new Outcome(TinyTask.bits(model.weights()), model.metrics());
            }
        });
    }

    @Test
    void fineTuningWithEarlyStopping() throws IOException {
        FineTuneRecipe recipe = Recipes.FINE_TUNE.override(TinyTask.fineTune(VALIDATION), "{\"epochs\":20}");
        try (PretrainedModel parent =
                Pretraining.run(TinyTask.pretrain(Kind.ADAMW), TinyTask.IMAGES, TrainingContext.alone())) {
            cutAtRandomSteps(
                    5,
                    context -> outcome(FineTuning.run(
                            recipe, parent, TinyTask.IMAGES, TinyTask.CLASSES, TinyTask.IMAGES, context)));
        }
    }

    @Test
    void distillationFromALiveTeacherWithLabelsAndEarlyStopping() throws IOException {
        DistillRecipe recipe = Recipes.DISTILL.override(TinyTask.distill(0.6, VALIDATION), "{\"epochs\":20}");
        Classifier classifier = Classifier.withoutHead(recipe.encoder().resNet(1), TinyTask.CLASSES);
        try (Weights weights = Weights.initialize(classifier.parameters(), new Seed(8))) {
            TeacherSignal teacher = new LiveTeacher(classifier, weights, TinyTask.IMAGES, recipe.crop(), 4);
            Distillation.Sources sources =
                    new Distillation.Sources(teacher, Optional.of(TinyTask.IMAGES), Optional.of(weights));
            cutAtRandomSteps(5, context -> outcome(Distillation.run(recipe, sources, TinyTask.IMAGES, context)));
        }
    }

    /** @param steps that the training makes at least */
    private void cutAtRandomSteps(int steps, Function<TrainingContext, Outcome> training) throws IOException {
        Outcome whole = training.apply(TrainingContext.alone());
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int cut = 0; cut < CUTS; cut++) {
            int step = 1 + random.nextInt(steps - 1);
            FolderSnapshots snapshots = new FolderSnapshots(Files.createTempDirectory(folder, "cut"));
            assertThatThrownBy(() -> training.apply(new TrainingContext(new Patience(step), snapshots)))
                    .as("cut after step %d, seed %d", step, seed)
                    .isInstanceOf(TrainingStopped.class);
            assertThat(training.apply(new TrainingContext(Patience.endless(), snapshots)))
                    .as("cut after step %d, seed %d", step, seed)
                    .isEqualTo(whole);
        }
    }

    private static Outcome outcome(ClassifierModel trained) {
        try (ClassifierModel model = trained) {
            return new Outcome(TinyTask.bits(model.weights()), model.metrics());
        }
    }
}
