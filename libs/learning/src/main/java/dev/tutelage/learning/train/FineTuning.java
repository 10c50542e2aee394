package dev.tutelage.learning.train;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.evaluate.HeldOutPredictions;
import dev.tutelage.learning.evaluate.Reference;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.FineTuneRecipe;
import dev.tutelage.learning.recipe.FineTuneRecipe.Trained;
import dev.tutelage.learning.recipe.Recipes;
import java.util.HashMap;
import java.util.Map;

/**
 * Stage 2: fine-tuning from a middle layer of the projection head (arXiv 2006.10029, section 2). The result is the
 * teacher.
 */
public final class FineTuning {

    private final FineTuneRecipe recipe;
    private final PretrainedModel parent;
    private final ImageSet labeled;
    private final Classifier classifier;
    private final Seed seed;

    private FineTuning(FineTuneRecipe recipe, PretrainedModel parent, ImageSet labeled, int classes) {
        this.recipe = recipe;
        this.parent = parent;
        this.labeled = LabeledSubset.used(labeled, recipe.labelFraction(), new Seed(recipe.seed()));
        this.classifier = new Classifier(parent.encoder(), parent.head().first(recipe.headLayers()), classes);
        this.seed = new Seed(recipe.seed()).of("fine-tune");
    }

    /**
     * Fine-tunes a copy of the parent's weights; the parent stays as it is.
     *
     * @param labeled 2 labeled images or more
     * @param classes how many there are; labels are 0..classes-1
     * @param heldOut labeled images to measure on, never trained on nor chosen by
     * @return the model with its metrics, to be closed by the caller
     * @throws IllegalArgumentException if the parent's head has too few layers for the recipe, the images' channels are
     *     not the encoder's, or a label is missing or not a class
     * @throws TrainingStopped if the observer asked for it
     * @throws DivergedException if the loss is not a number or has exploded
     */
    public static ClassifierModel run(
            FineTuneRecipe recipe,
            PretrainedModel parent,
            ImageSet labeled,
            int classes,
            ImageSet heldOut,
            TrainingContext context) {
        return new FineTuning(recipe, parent, labeled, classes).run(heldOut, context);
    }

    private ClassifierModel run(ImageSet heldOut, TrainingContext context) {
        Weights weights =
                Weights.inherit(classifier.parameters(), parent.weights().tensors(), seed);
        return Ownership.keepOrClose(weights, () -> {
            if (recipe.trained() == Trained.HEAD) {
                weights.freeze(classifier.encoder().parameters());
            }
            Map<String, Double> metrics = new HashMap<>(train(weights, context));
            metrics.put("labels", (double) labeled.size());
            HeldOutPredictions predictions = HeldOutPredictions.of(classifier, weights, heldOut);
            metrics.putAll(predictions.metrics());
            return new ClassifierModel(
                    classifier,
                    weights,
                    metrics,
                    predictions,
                    Reference.of(classifier, weights, labeled, heldOut, seed));
        });
    }

    private Map<String, Double> train(Weights weights, TrainingContext context) {
        Mode encoderMode = recipe.trained() == Trained.HEAD ? Mode.EVALUATION : Mode.TRAINING;
        LabelTraining objective = new LabelTraining(classifier, weights, labeled, recipe.crop(), seed, encoderMode);
        return new ValidatedTraining(recipe.validation(), labeled, seed)
                .run(
                        images -> new Training(plan(images), weights, recipe.optimizer(), context),
                        weights,
                        objective,
                        objective::validation);
    }

    private Plan plan(int images) {
        String identity = new Identity("fine-tune", Recipes.FINE_TUNE.write(recipe))
                .with(labeled)
                .with(parent.weights())
                .hex();
        return new Plan("fine-tune", identity, images, recipe.batchSize(), recipe.epochs(), seed);
    }
}
