package dev.tutelage.learning.train;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.evaluate.Top1;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.FineTuneRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.util.Map;

/**
 * Stage 2: fine-tuning of the whole network from a middle layer of the projection head (arXiv 2006.10029, section 2). The
 * result is the teacher.
 */
public final class FineTuning {

    private FineTuning() {}

    /**
     * Fine-tunes a copy of the parent's weights; the parent stays as it is.
     *
     * @param labeled 2 labeled images or more
     * @param classes how many there are; labels are 0..classes-1
     * @param heldOut labeled images to measure on, never trained on
     * @return the model with its metrics, to be closed by the caller
     * @throws IllegalArgumentException if the parent's head has too few layers for the recipe, the images' channels are
     *     not the encoder's, or a label is missing or not a class
     * @throws TrainingStopped if the observer asked for it
     * @throws DivergedException if the loss is not a number
     */
    public static ClassifierModel run(
            FineTuneRecipe recipe,
            PretrainedModel parent,
            ImageSet labeled,
            int classes,
            ImageSet heldOut,
            TrainingContext context) {
        Classifier classifier = new Classifier(parent.encoder(), parent.head().first(recipe.headLayers()), classes);
        Seed seed = new Seed(recipe.seed()).of("fine-tune");
        String identity = new Identity("fine-tune", Recipes.FINE_TUNE.write(recipe))
                .with(labeled)
                .with(parent.weights())
                .hex();
        Plan plan = new Plan("fine-tune", identity, labeled.size(), recipe.batchSize(), recipe.epochs(), seed);
        Weights weights =
                Weights.inherit(classifier.parameters(), parent.weights().tensors(), seed);
        return Ownership.keepOrClose(weights, () -> {
            BatchLoss objective = new LabelTraining(classifier, weights, labeled, recipe.crop(), seed);
            double loss = new Training(plan, weights, recipe.optimizer(), context).run(objective);
            double top1 = Top1.percent(classifier, weights, heldOut);
            return new ClassifierModel(classifier, weights, Map.of("loss", loss, "top1", top1));
        });
    }
}
