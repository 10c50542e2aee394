package dev.tutelage.learning.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutelage.learning.model.Block;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecipesTest {
    private static final PretrainRecipe QUICK = Recipes.PRETRAIN.preset("quick");

    static Stream<Recipes<?>> kinds() {
        return Stream.of(Recipes.PRETRAIN, Recipes.FINE_TUNE, Recipes.SUPERVISED, Recipes.LABEL, Recipes.DISTILL);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void presetsReadBackAsTheyWereWritten(Recipes<?> recipes) {
        assertThat(recipes.presets()).contains("quick");
        for (String name : recipes.presets()) {
            readsBack(recipes, name);
        }
    }

    @Test
    void theCanonicalFormIsSortedAndShort() {
        assertThat(Recipes.FINE_TUNE.write(Recipes.FINE_TUNE.preset("simclrv2-imagenet")))
                .isEqualTo("{\"batchSize\":1024,\"crop\":{\"flip\":0.5,\"interpolation\":\"BICUBIC\","
                        + "\"maxArea\":1,\"maxAspect\":1.3333333333333333,\"minArea\":0.08},\"epochs\":60,"
                        + "\"headLayers\":1,\"optimizer\":{\"kind\":\"LARS\",\"learningRate\":0.005,"
                        + "\"momentum\":0.9,\"scaling\":\"SQRT\",\"warmup\":0,\"weightDecay\":0},\"seed\":1}");
    }

    /** The values are those of the paper's text, field by field. */
    @Test
    void thePapersPretrainingHasThePapersValues() {
        assertThat(Recipes.PRETRAIN.write(Recipes.PRETRAIN.preset("simclrv2-imagenet")))
                .isEqualTo("{\"batchSize\":4096,\"blur\":0.5,"
                        + "\"crop\":{\"flip\":0.5,\"interpolation\":\"BICUBIC\",\"maxArea\":1,"
                        + "\"maxAspect\":1.3333333333333333,\"minArea\":0.08},"
                        + "\"encoder\":{\"block\":\"BOTTLENECK\",\"blocks\":[3,4,6,3],\"selectiveKernels\":false,"
                        + "\"stem\":\"IMAGENET\",\"width\":64},\"epochs\":800,\"grayscale\":{\"probability\":0.2},"
                        + "\"head\":{\"depth\":3,\"outputWidth\":128},"
                        + "\"jitter\":{\"probability\":0.8,\"strength\":1},"
                        + "\"memory\":{\"momentum\":0.999,\"queue\":65536},"
                        + "\"optimizer\":{\"kind\":\"LARS\",\"learningRate\":0.1,\"momentum\":0.9,"
                        + "\"scaling\":\"SQRT\",\"warmup\":0.05,\"weightDecay\":0.0001},"
                        + "\"seed\":1,\"temperature\":0.1}");
    }

    @Test
    void pretrainingOnCifarHasTheValuesOfTheAuthorsCode() {
        PretrainRecipe cifar = Recipes.PRETRAIN.preset("simclrv2-cifar");
        assertThat(Recipes.PRETRAIN.write(cifar))
                .contains("\"batchSize\":512,\"blur\":0,")
                .contains("\"epochs\":1000")
                .contains("\"jitter\":{\"probability\":0.8,\"strength\":0.5}")
                .contains("\"learningRate\":1,\"momentum\":0.9,\"scaling\":\"LINEAR\"")
                .contains("\"queue\":0")
                .endsWith("\"temperature\":0.5}");
        assertThat(cifar.encoder().resNet(3)).isEqualTo(ResNet.ofDepth(3, 18, 1, Stem.CIFAR, false));
        assertThat(cifar.optimizer().schedule(512, 1000).at(500)).isBetween(0.9, 1.1);
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void equalRecipesHaveEqualText(String overrides) {
        PretrainRecipe recipe = Recipes.PRETRAIN.override(QUICK, overrides);
        assertThat(Recipes.PRETRAIN.write(recipe))
                .contains("\"weightDecay\":0.00002}")
                .endsWith("\"temperature\":2}");
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
