package dev.tutelage.learning.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutelage.learning.model.Block;
import dev.tutelage.learning.model.Stem;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecipesTest {
    private static final PretrainRecipe QUICK = Recipes.PRETRAIN.preset("quick");

    static Stream<Recipes<?>> kinds() {
        return Stream.of(
                Recipes.PRETRAIN,
                Recipes.FINE_TUNE,
                Recipes.SUPERVISED,
                Recipes.LABEL,
                Recipes.DISTILL,
                Recipes.SELECTION);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void presetsReadBackAsTheyWereWritten(Recipes<?> recipes) {
        assertThat(recipes.presets()).containsAnyOf("quick", "everything");
        for (String name : recipes.presets()) {
            readsBack(recipes, name);
        }
    }

    @Test
    void theCanonicalFormIsSortedAndShort() {
        assertThat(Recipes.FINE_TUNE.write(Recipes.FINE_TUNE.preset("simclrv2-imagenet")))
                .isEqualTo("{\"batchSize\":1024,\"crop\":{\"flip\":0.5,\"interpolation\":\"BICUBIC\","
                        + "\"maxArea\":1,\"maxAspect\":1.3333333333333333,\"minArea\":0.08},\"epochs\":60,"
                        + "\"headLayers\":1,\"labelFraction\":1,\"optimizer\":{\"kind\":\"LARS\",\"learningRate\":0.005,"
                        + "\"momentum\":0.9,\"scaling\":\"SQRT\",\"warmup\":0,\"weightDecay\":0},\"seed\":1,"
                        + "\"trained\":\"WHOLE\",\"validation\":{\"part\":0,\"patience\":0}}");
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void equalRecipesHaveEqualText(String overrides) {
        PretrainRecipe recipe = Recipes.PRETRAIN.override(QUICK, overrides);
        assertThat(Recipes.PRETRAIN.write(recipe))
                .contains("\"weightDecay\":0.00002}")
                .contains(",\"temperature\":2,");
    }

    static Stream<String> spellings() {
        return Stream.of(
                "{\"temperature\": 2, \"optimizer\": {\"weightDecay\": 2e-5}}",
                "{\"optimizer\": {\"weightDecay\": 0.0000200}, \"temperature\": 2.0}",
                "{\"temperature\": 0.2e1, \"optimizer\": {\"weightDecay\": 0.02E-3}}");
    }

    @Test
    void seedsKeepAllTheirBits() {
        PretrainRecipe recipe = Recipes.PRETRAIN.override(QUICK, "{\"seed\": 9223372036854775807}");
        assertThat(Recipes.PRETRAIN.read(Recipes.PRETRAIN.write(recipe)).seed()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({
        "0.5,   6000, 12000, 6000",
        "0.5,   6000, 4000,  4000",
        "0.5,   6000, 0,     0",
        "0,     6000, 12000, 0",
        "0.75,  10,   1000,  30",
        "0.2,   7,    1000,  2",
        "0.999, 6000, 12000, 12000"
    })
    void anEpochReplaysTheStatedPartOrAllThereIs(double replay, int fresh, int old, int replayed) {
        PretrainRecipe recipe = Recipes.PRETRAIN.override(QUICK, "{\"replay\": " + replay + "}");
        assertThat(recipe.replayed(fresh, old)).isEqualTo(replayed);
    }

    @Test
    void aRecipeThatGoesOnDiffersInSeedAndLengthAlone() {
        PretrainRecipe recipe = Recipes.PRETRAIN.override(QUICK, "{\"start\": \"PREVIOUS\", \"warmEpochs\": 5}");
        PretrainRecipe warm = recipe.goingOnFrom("these weights");
        assertThat(warm.seed())
                .isNotEqualTo(recipe.seed())
                .isNotEqualTo(recipe.goingOnFrom("those weights").seed());
        String overrides = "{\"epochs\": 5, \"seed\": " + warm.seed() + "}";
        assertThat(warm).isEqualTo(Recipes.PRETRAIN.override(recipe, overrides));
        assertThat(Recipes.PRETRAIN
                        .override(recipe, "{\"warmEpochs\": 0}")
                        .goingOnFrom("these weights")
                        .epochs())
                .isEqualTo(recipe.epochs());
    }

    @Test
    void overridesLeaveTheOtherFieldsAsTheyAre() {
        PretrainRecipe recipe =
                Recipes.PRETRAIN.override(QUICK, "{\"epochs\": 3, \"encoder\": {\"width\": 32, \"blocks\": [2, 2]}}");
        assertThat(recipe.epochs()).isEqualTo(3);
        assertThat(recipe.encoder())
                .isEqualTo(new EncoderRecipe(32, List.of(2, 2), Block.BASIC, Stem.CIFAR_HALVED, false));
        assertThat(recipe.optimizer()).isEqualTo(QUICK.optimizer());
        assertThat(QUICK).isEqualTo(Recipes.PRETRAIN.preset("quick"));
    }

    @Test
    void unknownPresetsAreRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> Recipes.FINE_TUNE.preset("fast"))
                .isInstanceOf(InvalidRecipeException.class)
                .hasMessage("fine-tune recipe: there is no preset \"fast\"; there is quick, simclrv2-imagenet");
    }

    private static <R extends Recipe> void readsBack(Recipes<R> recipes, String name) {
        R preset = recipes.preset(name);
        String text = recipes.write(preset);
        assertThat(recipes.read(text)).isEqualTo(preset);
        assertThat(recipes.write(recipes.read(text))).isEqualTo(text);
        assertThat(recipes.override(preset, "{}")).isEqualTo(preset);
    }
}
