package dev.tutelage.cli.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * A task as its file declares it.
 *
 * @param task the name: lower-case letters, digits and dashes
 * @param classes names of the classes, 2 or more, each once; a label is an index into this list
 * @param image shape of every image
 * @param seed of every random choice of every stage
 * @param recipes for each stage a preset and the fields that differ from it
 * @param policies when each stage is due
 */
public record TaskFile(
        String task, List<String> classes, Image image, long seed, StageRecipes recipes, StagePolicies policies) {
    /** Shape of an image: [channels, height, width]. */
    public record Image(int channels, int height, int width) {}

    /**
     * Recipes by stage, each an object with the field {@code preset} and any fields of the stage's recipe.
     *
     * @param supervised absent: no supervised baseline is trained
     */
    public record StageRecipes(
            ObjectNode pretrain,
            ObjectNode fineTune,
            Optional<ObjectNode> supervised,
            ObjectNode label,
            ObjectNode distill) {}

    /**
     * Policies by stage.
     *
     * @param pretrainMinImages unlabeled images that start pretraining
     * @param fineTuneMinLabels labeled images that fine-tuning uses
     * @param distillMinImages soft-labeled images that start distillation
     * @param evaluationMinImages held-out images that checkpoints are evaluated on
     * @param promotionMinTop1 held-out top-1 in percent below which nothing is promoted
     */
    public record StagePolicies(
            int pretrainMinImages,
            int fineTuneMinLabels,
            int distillMinImages,
            int evaluationMinImages,
            double promotionMinTop1) {}
}
