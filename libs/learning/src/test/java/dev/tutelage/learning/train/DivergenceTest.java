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

    @Test
    void aLossThatIsNoNumberStopsWithStepRateAndAdvice() {
        try (Weights weights =
                LivelyWeights.of(ResNet.basic(1, 2, List.of(1), Stem.CIFAR).parameters())) {
            Training training = training(weights, 100);
            assertThatThrownBy(() -> training.run((scope, images, step, epoch) -> logarithmOfLessThanNothing(weights)))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageMatching("pretrain diverged: the loss of step \\d is NaN at learning rate "
                            + "100\\.0\\. Try a lower optimizer\\.learningRate, .*");
        }
    }

    /** Still a number, but far from where it began. */
    @Test
    void aLossThatExplodesStopsToo() {
        try (Weights weights =
                LivelyWeights.of(ResNet.basic(1, 2, List.of(1), Stem.CIFAR).parameters())) {
            Training training = training(weights, 3);
            assertThatThrownBy(() -> training.run((scope, images, step, epoch) ->
                            weights.get("conv1.weight").square().sum()))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageMatching("pretrain diverged: the loss of step \\d is \\d+\\.\\d+ at learning rate .*"
                            + "No snapshot was written before");
        }
    }

    private static Training training(Weights weights, double learningRate) {
        Plan plan = new Plan("pretrain", "id", 4, 2, 50, new Seed(1));
        OptimizerRecipe sgd = new OptimizerRecipe(OptimizerRecipe.Kind.SGD, learningRate, Scaling.NONE, 0, 0, 0);
        return new Training(plan, weights, sgd, TrainingContext.alone());
    }

    private static NDArray logarithmOfLessThanNothing(Weights weights) {
        return weights.get("conv1.weight").square().neg().log().sum();
    }
}
