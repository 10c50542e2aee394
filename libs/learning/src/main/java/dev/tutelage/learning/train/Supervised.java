package dev.tutelage.learning.train;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.evaluate.HeldOutPredictions;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.recipe.SupervisedRecipe;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The baseline that the method has to beat: supervised training from scratch on the labeled images alone. Every setting
 * of the recipe's sweep is trained, and the one with the best held-out accuracy is the result; choosing by held-out
 * images favours the baseline.
 */
public final class Supervised {

    private static final Logger LOG = LoggerFactory.getLogger(Supervised.class);

    private final SupervisedRecipe recipe;
    private final ImageSet labeled;
    private final Classifier classifier;
    private final ImageSet heldOut;
    private final TrainingContext context;

    private Supervised(
            SupervisedRecipe recipe, ImageSet labeled, int classes, ImageSet heldOut, TrainingContext context) {
        this.recipe = recipe;
        this.labeled = LabeledSubset.used(labeled, recipe.labelFraction(), new Seed(recipe.seed()));
        this.classifier =
                Classifier.withoutHead(recipe.encoder().resNet(labeled.shape().channels()), classes);
        this.heldOut = heldOut;
        this.context = context;
    }

    /**
     * Trains every setting and keeps the best. A resumed sweep trains again the settings that it had finished, which
     * gives the same weights.
     *
     * @param labeled 2 labeled images or more
     * @param classes how many there are; labels are 0..classes-1
     * @param heldOut labeled images to measure on and, here, to choose the setting by
     * @return the model with its metrics, to be closed by the caller
     * @throws IllegalArgumentException if a label is missing or not a class
     * @throws TrainingStopped if the observer asked for it
     * @throws DivergedException if every setting diverges
     */
    public static ClassifierModel run(
            SupervisedRecipe recipe, ImageSet labeled, int classes, ImageSet heldOut, TrainingContext context) {
        return new Supervised(recipe, labeled, classes, heldOut, context).sweep();
    }

    private ClassifierModel sweep() {
        Map<String, Double> accuracies = new HashMap<>();
        Optional<ClassifierModel> best = Optional.empty();
        Optional<DivergedException> diverged = Optional.empty();
        for (int number = 0; number < recipe.sweep().size(); number++) {
            try {
                ClassifierModel model = setting(number);
                double top1 = model.metrics().get("top1");
                accuracies.put("top1." + number, top1);
                boolean better = best.isEmpty() || top1 > best.get().metrics().get("top1");
                if (better) {
                    accuracies.put("setting", (double) number);
                }
                (better ? best : Optional.of(model)).ifPresent(ClassifierModel::close);
                best = better ? Optional.of(model) : best;
            } catch (DivergedException e) {
                LOG.warn("A setting of the sweep is out: {}", e.getMessage());
                diverged = Optional.of(e);
            } catch (RuntimeException e) {
                best.ifPresent(ClassifierModel::close);
                throw e;
            }
        }
        if (best.isEmpty()) {
            throw diverged.orElseThrow();
        }
        return best.get().with(accuracies);
    }

    private ClassifierModel setting(int number) {
        SupervisedRecipe.Setting setting = recipe.sweep().get(number);
        Seed seed = new Seed(recipe.seed()).of("supervised").of(number);
        String phase = "supervised " + (number + 1) + "/" + recipe.sweep().size();
        String identity = new Identity(phase, Recipes.SUPERVISED.write(recipe))
                .with(labeled)
                .hex();
        Plan plan = new Plan(phase, identity, labeled.size(), recipe.batchSize(), setting.epochs(), seed);
        Weights weights = Weights.initialize(classifier.parameters(), seed);
        return Ownership.keepOrClose(weights, () -> {
            BatchLoss objective = new LabelTraining(classifier, weights, labeled, setting.crop(), seed, Mode.TRAINING);
            double loss = new Training(plan, weights, setting.optimizer(), context).run(objective);
            HeldOutPredictions predictions = HeldOutPredictions.of(classifier, weights, heldOut);
            Map<String, Double> metrics = new HashMap<>(predictions.metrics());
            metrics.put("loss", loss);
            metrics.put("labels", (double) labeled.size());
            // It is no teacher, so nobody watches how it sees what comes.
            return new ClassifierModel(classifier, weights, metrics, predictions, Optional.empty());
        });
    }
}
