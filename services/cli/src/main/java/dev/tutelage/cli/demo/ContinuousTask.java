package dev.tutelage.cli.demo;

import dev.tutelage.event.v1.Condition;
import dev.tutelage.event.v1.Conditions;
import dev.tutelage.event.v1.Retraining;
import dev.tutelage.event.v1.StagePolicy;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.Recipes;

/** The demo's task where images and labels keep coming: the same first act, and policies by which it trains again. */
final class ContinuousTask {
    /** New images that set off pretraining, and new labels that set off fine-tuning. */
    static final int NEW_IMAGES = 6_000;

    static final int NEW_LABELS = 120;

    /** A third of those from random weights: see benchmarks/warm-start.md. */
    private static final int WARM_EPOCHS = 12;

    private ContinuousTask() {}

    /** Pretraining goes on from its last checkpoint; fine-tuning waits for its encoder and for new labels, distillation for a new teacher. */
    static TaskDeclared of(TaskDeclared task) {
        TaskDeclared.Builder continuous = task.toBuilder();
        continuous.getRecipesBuilder().setPretrain(goingOn(task.getRecipes().getPretrain()));
        continuous
                .getPoliciesBuilder()
                .setRetrain(Retraining.newBuilder()
                        .setPretrain(when(Condition.newBuilder().setNewImages(NEW_IMAGES)))
                        .setFineTune(when(Condition.newBuilder()
                                .setAll(Conditions.newBuilder()
                                        .addConditions(Condition.newBuilder().setNewParent(true))
                                        .addConditions(Condition.newBuilder().setNewLabels(NEW_LABELS)))))
                        .setDistill(when(Condition.newBuilder().setNewParent(true))));
        return continuous.build();
    }

    private static StagePolicy when(Condition.Builder condition) {
        return StagePolicy.newBuilder().setWhen(condition).build();
    }

    private static String goingOn(String recipe) {
        PretrainRecipe random = Recipes.PRETRAIN.read(recipe);
        return Recipes.PRETRAIN.write(
                Recipes.PRETRAIN.override(random, "{\"start\": \"PREVIOUS\", \"warmEpochs\": " + WARM_EPOCHS + "}"));
    }
}
