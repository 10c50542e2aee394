package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.FashionMnist;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.evaluate.Features;
import dev.tutelage.learning.evaluate.Knn;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class LearningTest {
    private static final ImageSet TRAIN =
            FashionMnist.train().subset(IntStream.range(0, 3000).toArray());

    @Test
    void pretrainedFeaturesBeatRandomOnes() {
        PretrainRecipe recipe = Recipes.PRETRAIN.override(Recipes.PRETRAIN.preset("quick"), "{\"epochs\": 6}");
        ResNet encoder = recipe.encoder().resNet(1);
        double random;
        try (Weights weights = Weights.initialize(encoder.parameters(), new Seed(1))) {
            random = accuracy(encoder, weights);
        }
        try (PretrainedModel model = Pretraining.run(recipe, TRAIN, TrainingContext.alone())) {
            assertThat(accuracy(model.encoder(), model.weights())).isGreaterThan(random + 10);
        }
    }

    private static double accuracy(ResNet encoder, Weights weights) {
        try (NDManager scope = weights.newScope()) {
            return new Knn(20, 0.1)
                    .percent(
                            Features.of(encoder, weights, TRAIN, scope),
                            labels(TRAIN),
                            Features.of(encoder, weights, FashionMnist.test(), scope),
                            labels(FashionMnist.test()),
                            10);
        }
    }

    private static int[] labels(ImageSet images) {
        return IntStream.range(0, images.size())
                .map(i -> images.label(i).orElseThrow())
                .toArray();
    }
}
