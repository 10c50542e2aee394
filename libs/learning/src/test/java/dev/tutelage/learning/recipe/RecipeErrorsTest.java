package dev.tutelage.learning.recipe;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people are told about recipes that cannot be. Quotes are single here, so that they read better. */
class RecipeErrorsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'epoch': 3}                        | pretrain recipe: unknown field epoch; did you mean epochs?",
                "{'optimizer': {'learningrate': 1}}  | unknown field optimizer.learningrate; did you mean learningRate?",
                "{'crop': {'flips': 1}}              | unknown field crop.flips; did you mean flip? Known here: ",
                "{'encoder': {'stems': 'CIFAR'}}     | unknown field encoder.stems; did you mean stem?",
                "{'': 1}                             | unknown field ; did you mean",
            })
    void unknownFieldsAreNamedWithTheirPathAndTheNearestKnownOne(String overrides, String message) {
        refused(Recipes.PRETRAIN, overrides, message);
    }

    @Test
    void fieldsInListsHavePathsToo() {
        String setting = "{'crop': {}, 'epochs': 1, 'optimizer': {'momenta': 1}}";
        refused(
                Recipes.SUPERVISED,
                "{'sweep': [{}, " + setting + "]}",
                "unknown field sweep[1].optimizer.momenta; did you mean momentum?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'temperature': 0}                  | temperature must be more than 0 and at most 100, not 0.0",
                "{'epochs': 0}                       | epochs must be 1..100000, not 0",
                "{'batchSize': 1}                    | batchSize must be 2..65536, not 1",
                "{'encoder': {'width': 0}}           | encoder: width must be 1..4096, not 0",
                "{'encoder': {'blocks': [1, 0]}}     | encoder: blocks must have 1 or more blocks in each stage",
                "{'head': {'depth': 9}}              | head.depth must be 1..8, not 9",
                "{'crop': {'minArea': 2}}            | crop: minArea must be more than 0 and at most 1, not 2.0",
                "{'jitter': {'strength': -1}}        | jitter: strength must be 0..1.25, not -1.0",
                "{'optimizer': {'learningRate': 0}}  | optimizer.learningRate must be more than 0 and at most 100",
                "{'optimizer': {'warmup': 1}}        | optimizer.warmup must be 0..0.9, not 1.0",
                "{'optimizer': {'weightDecay': -1}}  | optimizer.weightDecay must be 0..1, not -1.0",
                "{'optimizer': {'momentum': 1}}      | optimizer.momentum must be 0 or more and less than 1",
                "{'replay': 1}                       | replay must be 0 or more and less than 1, not 1.0",
                "{'warmEpochs': -1}                  | warmEpochs must be 0..100000, not -1",
            })
    void valuesOutOfTheirRangeNameTheField(String overrides, String message) {
        refused(Recipes.PRETRAIN, overrides, "pretrain recipe: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'minConfidence': 1.1}    | minConfidence must be 0..1, not 1.1",
                "{'agreement': 0}          | agreement must be 1..16, not 0",
                "{'topPerClass': -1}       | topPerClass must be 0..100000000, not -1",
                "{'maxImbalance': 0.5}     | maxImbalance must be 0 or 1..1000000, not 0.5",
                "{'minConfidenc': 1}       | unknown field minConfidenc; did you mean minConfidence?",
            })
    void whatASelectionCannotBeIsNamedToo(String overrides, String message) {
        assertThatThrownBy(() -> Recipes.SELECTION.override(
                        Recipes.SELECTION.preset("everything"), overrides.replace('\'', '"')))
                .isInstanceOf(InvalidRecipeException.class)
                .hasMessageContaining("selection recipe: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'epochs': 1.5}                     | epochs: ",
                "{'epochs': '10'}                    | epochs: ",
                "{'epochs': null}                    | epochs: ",
                "{'seed': 9223372036854775808}       | seed: ",
                "{'optimizer': {'kind': 'ADAM'}}     | optimizer.kind: ",
                "{'encoder': {'blocks': 3}}          | encoder.blocks: ",
                "{'encoder': {'blocks': [1, 'x']}}   | encoder.blocks.[1]: ",
                "{'crop': 1}                         | crop must be an object, not 1",
                "{'crop': null}                      | crop must be an object, not null",
                "[]                                  | it must be an object, not []",
                "{'epochs':                          | not JSON: ",
                "{} {}                               | not JSON: ",
                "{'epochs': 1, 'epochs': 2}          | not JSON: Duplicate field 'epochs'",
            })
    void valuesOfTheWrongKindNameTheField(String overrides, String message) {
        refused(Recipes.PRETRAIN, overrides, "pretrain recipe: " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed", "headLayers", "crop", "epochs", "batchSize", "optimizer"})
    void wholeRecipesMustHaveEveryField(String field) {
        String whole = Recipes.FINE_TUNE.write(Recipes.FINE_TUNE.preset("quick"));
        String without = whole.replaceFirst("\"" + field + "\":(\\{[^}]*\\}|[^,}]*),?", "")
                .replace(",}", "}");
        assertThatThrownBy(() -> Recipes.FINE_TUNE.read(without))
                .isInstanceOf(InvalidRecipeException.class)
                .hasMessageContaining(field);
    }

    private static <R extends Recipe> void refused(Recipes<R> recipes, String overrides, String message) {
        R quick = recipes.preset("quick");
        assertThatThrownBy(() -> recipes.override(quick, overrides.replace('\'', '"')))
                .isInstanceOf(InvalidRecipeException.class)
                .hasMessageContaining(message);
    }
}
