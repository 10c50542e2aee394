package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import dev.tutelage.learning.model.LivelyWeights;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.optimizer.Scaling;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.OptimizerRecipe;
import java.util.List;
import org.junit.jupiter.api.Test;

class DivergenceTest {

    /** Descending w^4 with a step far too long: every step is longer than the one before. */
    @Test
    void aLossThatIsNoNumberStopsWithStepRateAndAdvice() {
        try (Weights weights =
                LivelyWeights.of(ResNet.basic(1, 2, List.of(1), Stem.CIFAR).parameters())) {
            Plan plan = new Plan("pretrain", "id", 4, 2, 50, new Seed(1));
            OptimizerRecipe sgd = new OptimizerRecipe(OptimizerRecipe.Kind.SGD, 100, Scaling.NONE, 0, 0, 0);
            Training training = new Training(plan, weights, sgd, TrainingContext.alone());
            assertThatThrownBy(() -> training.run((scope, images, step, epoch) -> fourthPower(weights)))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageMatching("pretrain diverged: the loss of step \\d is (Infinity|NaN) at learning rate "
                            + "9\\d\\.\\d+\\. Try a lower optimizer\\.learningRate, .*");
        }
    }

    private static NDArray fourthPower(Weights weights) {
        return weights.get("conv1.weight").pow(4).sum();
    }
}
