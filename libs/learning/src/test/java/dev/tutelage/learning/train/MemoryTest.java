package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.augment.CropAndFlip;
import dev.tutelage.learning.augment.Interpolation;
import dev.tutelage.learning.data.FashionMnist;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.OptimizerRecipe;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Long trainings must not grow: each is 500 steps of a small model. */
class MemoryTest {
    private static final int STEPS = 500;
    private static final int SETTLED = 100;

    @Test
    void theNumberOfLiveTensorsStaysTheSame() {
        Classifier classifier =
                Classifier.withoutHead(ResNet.basic(1, 4, List.of(1, 1), Stem.CIFAR_HALVED), TinyTask.CLASSES);
        CropAndFlip crop = new CropAndFlip(0.3, 1, 4 / 3.0, 0.5, Interpolation.BICUBIC);
        Seed seed = new Seed(1);
        List<Integer> live = new ArrayList<>();
        try (Weights weights = Weights.initialize(classifier.parameters(), seed)) {
            LabelTraining loss = new LabelTraining(classifier, weights, TinyTask.IMAGES, crop, seed, Mode.TRAINING);
            Plan plan = new Plan("fine-tune", "id", 10, 5, STEPS / 2, seed);
            OptimizerRecipe adamW = TinyTask.optimizer(OptimizerRecipe.Kind.ADAMW, 0.001);
            new Training(plan, weights, adamW, TrainingContext.alone()).run((scope, images, step, epoch) -> {
                live.add(tensors(scope.getParentManager()));
                return loss.of(scope, images, step, epoch);
            });
        }
        assertThat(live).hasSize(STEPS).containsOnly(live.get(0));
    }

    /** The activations of one step take some megabytes here, so that a leak of any of them shows. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void theProcessStaysAsLargeAsItIs() {
        ImageSet images = FashionMnist.test().subset(IntStream.range(0, 100).toArray());
        PretrainRecipe recipe = Recipes.PRETRAIN.override(
                Recipes.PRETRAIN.preset("quick"),
                "{\"encoder\": {\"width\": 4, \"blocks\": [1, 1]}, \"batchSize\": 50, \"epochs\": " + STEPS / 2 + "}");
        Scale scale = new Scale();
        Pretraining.run(recipe, images, new TrainingContext(scale, Snapshots.none()))
                .close();
        assertThat(scale.steps).isEqualTo(STEPS - 1);
        assertThat(resident() - scale.settled).as("growth in MiB").isLessThan(48);
    }

    private static int tensors(NDManager manager) {
        return manager.getManagedArrays().size();
    }

    /** Weighs the process once it has made its first steps. */
    private static final class Scale implements TrainingObserver {
        private int steps;
        private long settled;

        @Override
        public void progress(Progress progress) {}

        @Override
        public boolean stopRequested() {
            steps++;
            if (steps == SETTLED) {
                settled = resident();
            }
            return false;
        }
    }

    /** In MiB, after a collection. */
    private static long resident() {
        System.gc();
        return ResidentMemory.kilobytes() / 1024;
    }
}
