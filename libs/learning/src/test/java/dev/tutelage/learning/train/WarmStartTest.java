package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.recipe.OptimizerRecipe.Kind;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pretraining that goes on from an earlier one. */
class WarmStartTest {
    private static final PretrainRecipe LONG = Toys.pretrain("{\"epochs\": 12}");
    private static final PretrainRecipe ON =
            Recipes.PRETRAIN.override(LONG, "{\"start\": \"PREVIOUS\", \"replay\": 0.5, \"warmEpochs\": 1}");
    private static final ImageSet OLD = Toys.images(64, 1);
    private static final ImageSet FRESH = Toys.images(32, 2);

    @Test
    void whatWasLearnedIsNotLearnedAgain() {
        try (PretrainedModel earlier = Pretraining.run(LONG, OLD, TrainingContext.alone());
                PretrainedModel warm = goOn(ON, FRESH, earlier, Optional.of(OLD));
                PretrainedModel cold = Pretraining.run(
                        Recipes.PRETRAIN.override(LONG, "{\"epochs\": 1}"), both(), TrainingContext.alone())) {
            assertThat(warm.metrics().get("loss"))
                    .as("loss of the first epoch, of 64 images in batches of 8")
                    .isLessThan(cold.metrics().get("loss") - 0.1);
            assertThat(warm.metrics()).containsEntry("images.new", 32.0).containsEntry("images.replayed", 32.0);
            assertThat(cold.metrics()).doesNotContainKeys("images.new", "images.replayed");
        }
    }

    @Test
    void theEarlierWeightsStayAsTheyAre() {
        try (PretrainedModel earlier = Pretraining.run(LONG, OLD, TrainingContext.alone())) {
            Map<String, List<Integer>> before = TinyTask.bits(earlier.weights());
            goOn(ON, FRESH, earlier, Optional.of(OLD)).close();
            assertThat(TinyTask.bits(earlier.weights())).isEqualTo(before);
        }
    }

    /** A step of the smallest rate hardly moves a weight: what it ends with is what it began with. */
    @Test
    void itBeginsWithTheEarlierWeights() {
        PretrainRecipe still = Recipes.PRETRAIN.override(ON, "{\"optimizer\": {\"learningRate\": 1e-12}}");
        try (PretrainedModel earlier = Pretraining.run(LONG, OLD, TrainingContext.alone());
                PretrainedModel warm = goOn(still, FRESH, earlier, Optional.empty())) {
            assertThat(warm.weights().trainable()).isNotEmpty().allSatisfy(parameter -> assertThat(
                            warm.weights().get(parameter.name()).toFloatArray())
                    .usingComparatorWithPrecision(1e-6f)
                    .containsExactly(earlier.weights().get(parameter.name()).toFloatArray()));
        }
    }

    @Test
    void withoutReplayOnlyNewImagesAreSeen() {
        try (PretrainedModel earlier = Pretraining.run(LONG, OLD, TrainingContext.alone());
                PretrainedModel none = goOn(ON, FRESH, earlier, Optional.empty());
                PretrainedModel zero =
                        goOn(Recipes.PRETRAIN.override(ON, "{\"replay\": 0}"), FRESH, earlier, Optional.of(OLD))) {
            assertThat(none.metrics()).containsEntry("images.new", 32.0).containsEntry("images.replayed", 0.0);
            assertThat(zero.metrics()).containsEntry("images.new", 32.0).containsEntry("images.replayed", 0.0);
        }
    }

    @Test
    void aRecipeThatMayGoOnStartsAtRandomWithoutACheckpoint() {
        PretrainRecipe tiny = TinyTask.pretrain(Kind.ADAMW);
        try (PretrainedModel random = Pretraining.run(tiny, TinyTask.IMAGES, TrainingContext.alone());
                PretrainedModel first =
                        Pretraining.run(TinyTask.goingOn(tiny, 0.3), TinyTask.IMAGES, TrainingContext.alone())) {
            assertThat(TinyTask.bits(first.weights())).isEqualTo(TinyTask.bits(random.weights()));
        }
    }

    @Test
    void aRecipeThatStartsAtRandomTakesNoWeights() {
        try (PretrainedModel earlier = Pretraining.run(LONG, OLD, TrainingContext.alone())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> goOn(LONG, FRESH, earlier, Optional.empty()))
                    .withMessage("start is RANDOM, which goes on from no checkpoint. Use PREVIOUS");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'encoder': {'width': 8}}         | encoder.width 4, the recipe wants 8",
                "{'encoder': {'blocks': [1, 2]}}   | encoder.blocks [1, 1], the recipe wants [1, 2]",
                "{'encoder': {'stem': 'IMAGENET'}} | encoder.stem CIFAR, the recipe wants IMAGENET",
                "{'head': {'depth': 2}}            | head.depth 3, the recipe wants 2",
                "{'head': {'outputWidth': 16}}     | head.outputWidth 8, the recipe wants 16",
            })
    void anotherNetworkIsRefusedByTheFieldThatDiffers(String overrides, String message) {
        PretrainRecipe other = Recipes.PRETRAIN.override(ON, overrides.replace('\'', '"'));
        try (PretrainedModel earlier = Pretraining.run(LONG, OLD, TrainingContext.alone())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> goOn(other, FRESH, earlier, Optional.empty()))
                    .withMessageContaining("start: the checkpoint has " + message);
        }
    }

    private static PretrainedModel goOn(
            PretrainRecipe recipe, ImageSet fresh, PretrainedModel earlier, Optional<ImageSet> replayed) {
        return Pretraining.run(
                recipe,
                fresh,
                Optional.of(new WarmStart(earlier, replayed)),
                Optional.empty(),
                TrainingContext.alone());
    }

    /** As many images as an epoch of the warm start sees. */
    private static ImageSet both() {
        List<ImageSet> sets = new ArrayList<>();
        sets.add(FRESH);
        sets.add(OLD.subset(IntStream.range(0, 32).toArray()));
        return ImageSet.concat(sets);
    }
}
