package dev.tutelage.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.SampleFiles;
import dev.tutelage.control.task.TaskYaml;
import dev.tutelage.event.v1.Condition;
import dev.tutelage.event.v1.Retraining;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The task file of the demo's two acts, beside that of the first alone. */
class ContinuousTaskTest {
    private static final SampleFiles SAMPLES = new SampleFiles(Path.of("../../samples/fashion-mnist"));

    @Test
    void itTrainsAgainByPolicyAndPretrainingGoesOn() throws Exception {
        Retraining retrain = continuous().getPolicies().getRetrain();
        assertThat(retrain.getPretrain().getWhen().getNewImages()).isEqualTo(6_000);
        assertThat(retrain.getFineTune().getWhen().getAll().getConditionsList())
                .extracting(Condition::getConditionCase)
                .containsExactly(Condition.ConditionCase.NEW_PARENT, Condition.ConditionCase.NEW_LABELS);
        assertThat(retrain.getDistill().getWhen().getNewParent()).isTrue();
    }

    /** With the same seed and nothing to go on from, the first act ends with the weights that it has without a second. */
    @Test
    void nothingThatTheFirstActDependsOnDiffers() throws Exception {
        TaskDeclared continuous = continuous();
        TaskDeclared.Builder back = continuous.toBuilder();
        back.getPoliciesBuilder().clearRetrain();
        back.getRecipesBuilder().setPretrain(declared().getRecipes().getPretrain());
        assertThat(back.build()).isEqualTo(declared());
        PretrainRecipe recipe = Recipes.PRETRAIN.read(continuous.getRecipes().getPretrain());
        assertThat(recipe.start()).isEqualTo(PretrainRecipe.Start.PREVIOUS);
        assertThat(Recipes.PRETRAIN.override(recipe, "{\"start\": \"RANDOM\", \"warmEpochs\": 0}"))
                .isEqualTo(Recipes.PRETRAIN.read(declared().getRecipes().getPretrain()));
    }

    private static TaskDeclared declared() throws Exception {
        return TaskYaml.read(SAMPLES.task(), OptionalLong.of(3));
    }

    private static TaskDeclared continuous() throws Exception {
        return TaskYaml.read(SAMPLES.continuousTask(), OptionalLong.of(3));
    }
}
