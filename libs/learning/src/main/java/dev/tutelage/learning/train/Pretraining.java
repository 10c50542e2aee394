package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.evaluate.Spread;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.objective.NtXent;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stage 1: contrastive pretraining (arXiv 2006.10029, section 2), with memory if the recipe has one. Two views of each
 * image go through encoder and projection head, with batch statistics over both views together, and must find each other.
 */
public final class Pretraining {

    private static final Logger LOG = LoggerFactory.getLogger(Pretraining.class);
    private static final int SPREAD_IMAGES = 250;

    private final PretrainRecipe recipe;
    private final ImageSet images;
    private final PretrainingViews views;

    private Pretraining(PretrainRecipe recipe, ImageSet images) {
        this.recipe = recipe;
        this.images = images;
        this.views = new PretrainingViews(recipe, images);
    }

    /**
     * Pretrains a fresh network.
     *
     * @param unlabeled 2 images or more; labels, if there are any, are not looked at
     * @return the model, to be closed by the caller
     * @throws TrainingStopped if the observer asked for it
     * @throws DivergedException if the loss is not a number
     */
    public static PretrainedModel run(PretrainRecipe recipe, ImageSet unlabeled, TrainingContext context) {
        return new Pretraining(recipe, unlabeled.withoutLabels()).run(context);
    }

    private PretrainedModel run(TrainingContext context) {
        ResNet encoder = recipe.encoder().resNet(images.shape().channels());
        ProjectionHead head = recipe.head().on(encoder);
        Seed seed = new Seed(recipe.seed()).of("pretrain");
        String identity = new Identity("pretrain", Recipes.PRETRAIN.write(recipe))
                .with(images)
                .hex();
        Plan plan = new Plan("pretrain", identity, images.size(), recipe.batchSize(), recipe.epochs(), seed);
        Weights weights = Weights.initialize(PretrainedModel.parameters(encoder, head), seed);
        return Ownership.keepOrClose(weights, () -> {
            Training training = new Training(plan, weights, recipe.optimizer(), context);
            double loss = recipe.memory().on()
                    ? withMemory(training, encoder, head, weights)
                    : withinBatches(training, encoder, head, weights);
            Spread spread = spread(encoder, head, weights);
            if (spread.collapsed()) {
                LOG.warn(
                        "The projections have collapsed: {}. Try a lower optimizer.learningRate, another temperature or"
                                + " stronger augmentation",
                        spread);
            }
            return new PretrainedModel(
                    encoder,
                    head,
                    weights,
                    Map.of(
                            "loss", loss,
                            "deviation", spread.deviation(),
                            "alignment", spread.alignment(),
                            "uniformity", spread.uniformity()));
        });
    }

    /** Of some images, in views that training has not seen, as the network is in evaluation. */
    private Spread spread(ResNet encoder, ProjectionHead head, Weights weights) {
        int[] some = IntStream.range(0, Math.min(SPREAD_IMAGES, images.size())).toArray();
        try (NDManager scope = weights.newScope()) {
            NDArray features = encoder.features(weights, views.of(scope, some, recipe.epochs()), Mode.EVALUATION);
            return Spread.of(head.project(weights, features, Mode.EVALUATION));
        }
    }

    private double withinBatches(Training training, ResNet encoder, ProjectionHead head, Weights weights) {
        NtXent objective = recipe.objective();
        return training.run((scope, batch, step, epoch) -> {
            NDArray features = encoder.features(weights, views.of(scope, batch, epoch), Mode.TRAINING);
            return objective.loss(head.project(weights, features, Mode.TRAINING));
        });
    }

    private double withMemory(Training training, ResNet encoder, ProjectionHead head, Weights weights) {
        try (MomentumContrast loss =
                new MomentumContrast(encoder, head, weights, recipe.objective(), recipe.memory(), views)) {
            return training.run(loss);
        }
    }
}
