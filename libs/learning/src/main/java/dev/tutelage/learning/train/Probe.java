package dev.tutelage.learning.train;

import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.evaluate.Features;
import dev.tutelage.learning.evaluate.Knn;
import dev.tutelage.learning.model.HeadPart;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.optimizer.Scaling;
import dev.tutelage.learning.recipe.LinearRecipe;
import dev.tutelage.learning.recipe.OptimizerRecipe;
import java.util.Map;

/**
 * Labeled images by which features are judged while they are learned. Nothing is learned from the labels but the logistic
 * regression on top, which is thrown away.
 *
 * @param labeled 2 images or more: the neighbours that vote, and what the regression is fitted to
 * @param heldOut 1 image or more to be classified
 * @param classes how many there are
 */
public record Probe(ImageSet labeled, ImageSet heldOut, int classes) {

    private static final double KNN_TEMPERATURE = 0.1;
    private static final int LINEAR_STEPS = 600;
    private static final int LINEAR_BATCH = 250;

    /** How many held-out images, in percent, neighbours ({@code knn}) and a regression ({@code linear}) get right. */
    Map<String, Double> of(ResNet encoder, HeadPart layers, Weights weights, int neighbours) {
        try (NDManager scope = weights.newScope()) {
            LinearEvaluation.Labeled bank = features(encoder, layers, weights, labeled, scope);
            LinearEvaluation.Labeled queries = features(encoder, layers, weights, heldOut, scope);
            double knn = new Knn(neighbours, KNN_TEMPERATURE)
                    .percent(bank.features(), numbers(bank), queries.features(), numbers(queries), classes);
            return Map.of("knn", knn, "linear", LinearEvaluation.percent(linear(), bank, queries, classes));
        }
    }

    /** About as many steps whatever the number of labels. */
    private LinearRecipe linear() {
        int stepsPerEpoch = Math.max(1, labeled.size() / LINEAR_BATCH);
        OptimizerRecipe adamW = new OptimizerRecipe(OptimizerRecipe.Kind.ADAMW, 0.01, Scaling.NONE, 0, 0.01, 0.9);
        return new LinearRecipe(1, Math.max(1, LINEAR_STEPS / stepsPerEpoch), LINEAR_BATCH, adamW);
    }

    private static LinearEvaluation.Labeled features(
            ResNet encoder, HeadPart layers, Weights weights, ImageSet images, NDManager scope) {
        return LinearEvaluation.Labeled.of(Features.of(encoder, layers, weights, images, scope), images);
    }

    private static int[] numbers(LinearEvaluation.Labeled labeled) {
        return labeled.classes().stream().mapToInt(Integer::intValue).toArray();
    }
}
