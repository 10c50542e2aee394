package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.augment.GaussianBlur;
import dev.tutelage.learning.augment.View;
import dev.tutelage.learning.augment.ViewRenderer;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.objective.NtXent;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Stage 1: contrastive pretraining (arXiv 2006.10029, section 2), with memory if the recipe has one. Two views of each
 * image go through encoder and projection head, with batch statistics over both views together, and must find each other.
 */
public final class Pretraining {

    private static final int VIEWS = 2;

    private final PretrainRecipe recipe;
    private final ImageSet images;
    private final ViewRenderer renderer;
    private final GaussianBlur blur;

    private Pretraining(PretrainRecipe recipe, ImageSet images) {
        this.recipe = recipe;
        this.images = images;
        this.renderer = new ViewRenderer(recipe.crop().interpolation());
        this.blur = new GaussianBlur(recipe.blur());
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
            return new PretrainedModel(encoder, head, weights, Map.of("loss", loss));
        });
    }

    private double withinBatches(Training training, ResNet encoder, ProjectionHead head, Weights weights) {
        NtXent objective = recipe.objective();
        return training.run((scope, batch, step, epoch) -> {
            NDArray features = encoder.features(weights, views(scope, batch, epoch), Mode.TRAINING);
            return objective.loss(head.project(weights, features, Mode.TRAINING));
        });
    }

    private double withMemory(Training training, ResNet encoder, ProjectionHead head, Weights weights) {
        try (MomentumContrast loss =
                new MomentumContrast(encoder, head, weights, recipe.objective(), recipe.memory(), this::views)) {
            return training.run(loss);
        }
    }

    /** [2N, C, H, W]: the first views of the batch, then the second ones. */
    private NDArray views(NDManager scope, int[] batch, int epoch) {
        List<Seed> seeds = new ArrayList<>();
        for (int view = 0; view < VIEWS; view++) {
            for (int image : batch) {
                seeds.add(recipe.viewSeed(images.digest(image), epoch, view));
            }
        }
        int height = images.shape().height();
        int width = images.shape().width();
        List<View> crops = seeds.stream()
                .map(seed -> recipe.crop().draw(height, width, seed))
                .toList();
        int[] twice = IntStream.concat(IntStream.of(batch), IntStream.of(batch)).toArray();
        NDArray cropped = renderer.render(images.batch(scope, twice), crops);
        NDArray colored = recipe.grayscale().apply(recipe.jitter().apply(cropped, seeds), seeds);
        return blur.apply(colored, seeds);
    }
}
