package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.optimizer.Scaling;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.OptimizerRecipe;
import dev.tutelage.learning.recipe.ValidationRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Weights grow by a little in every step, so they tell after which epoch they were kept: 2 steps an epoch. */
class EarlyStoppingTest {

    private static final String WEIGHT = "conv1.weight";

    private final Weights weights =
            Weights.initialize(ResNet.basic(1, 2, List.of(1), Stem.CIFAR).parameters(), new Seed(1));
    private final List<Float> afterEpoch = new ArrayList<>();

    @AfterEach
    void close() {
        weights.close();
    }

    @Test
    void theBestEpochsWeightsAreKept() {
        Map<String, Double> metrics = train(new ValidationRecipe(0.1, 0), 5, 3, 4, 2, 6, 7);
        assertThat(afterEpoch).hasSize(6);
        assertThat(metrics).containsEntry("bestEpoch", 4.0).containsEntry("validationLoss", 2.0);
        assertThat(first()).isEqualTo(afterEpoch.get(3));
    }

    @Test
    void trainingEndsWhenPatienceDoes() {
        Map<String, Double> metrics = train(new ValidationRecipe(0.1, 2), 5, 3, 4, 4, 1, 1);
        assertThat(afterEpoch).as("epochs 3 and 4 were no better than 2").hasSize(4);
        assertThat(metrics).containsEntry("bestEpoch", 2.0);
        assertThat(first()).isEqualTo(afterEpoch.get(1));
    }

    @Test
    void aLossThatIsNoNumberIsNeverTheBest() {
        train(new ValidationRecipe(0.1, 0), 5, Double.NaN, 6, Double.NaN, 7, Double.NaN);
        assertThat(first()).isEqualTo(afterEpoch.get(0));
    }

    private Map<String, Double> train(ValidationRecipe recipe, double... losses) {
        Plan plan = new Plan("fine-tune", "id", 4, 2, losses.length, new Seed(1));
        OptimizerRecipe sgd = new OptimizerRecipe(OptimizerRecipe.Kind.SGD, 0.01, Scaling.NONE, 0, 0, 0);
        Training training = new Training(plan, weights, sgd, TrainingContext.alone());
        ValidationLoss validation = new ValidationLoss(weights, new int[] {0}, (scope, batch) -> {
            afterEpoch.add(first());
            return scope.create((float) losses[afterEpoch.size() - 1]);
        });
        BatchLoss sum = (scope, images, step, epoch) -> {
            NDArray all = weights.get(WEIGHT).sum();
            all.attach(scope);
            return all.neg();
        };
        return EarlyStopping.train(training, sum, recipe, weights, validation);
    }

    private float first() {
        return weights.get(WEIGHT).toFloatArray()[0];
    }
}
