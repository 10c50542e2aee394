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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Optional<WarmStart> start;
    private final ImageSet images;
    private final Replay replay;
    private final Optional<Probe> probe;
    private final PretrainingViews views;
    private final ResNet encoder;
    private final ProjectionHead head;

    private Pretraining(PretrainRecipe asked, ImageSet unlabeled, Optional<WarmStart> start, Optional<Probe> probe) {
        Optional<ImageSet> old = start.flatMap(WarmStart::replayed);
        int olds = old.map(ImageSet::size).orElse(0);
        this.recipe = start.map(from -> asked.goingOnFrom(from.identity())).orElse(asked);
        this.start = start;
        this.images =
                old.map(known -> ImageSet.concat(List.of(unlabeled, known))).orElse(unlabeled);
        this.replay =
                new Replay(unlabeled.size(), olds, recipe.replayed(unlabeled.size(), olds), new Seed(recipe.seed()));
        this.probe = probe;
        this.views = new PretrainingViews(recipe, images);
        this.encoder = recipe.encoder().resNet(images.shape().channels());
        this.head = recipe.head().on(encoder);
        if (recipe.probe().on() && probe.isEmpty()) {
            throw new IllegalArgumentException(
                    "probe.every is " + recipe.probe().every() + ": probes need labeled and held-out images");
        }
    }

    /**
     * Pretrains a fresh network.
     *
     * @param unlabeled 2 images or more; labels, if there are any, are not looked at
     * @return the model, to be closed by the caller
     * @throws IllegalArgumentException if there are too few images, or the recipe wants probes
     * @throws TrainingStopped if the observer asked for it
     * @throws DivergedException if the loss is not a number or has exploded
     */
    public static PretrainedModel run(PretrainRecipe recipe, ImageSet unlabeled, TrainingContext context) {
        return run(recipe, unlabeled, Optional.empty(), context);
    }

    /**
     * Pretrains a fresh network as {@link #run(PretrainRecipe, ImageSet, TrainingContext)} does.
     *
     * @param probe what features are judged by on the way, if the recipe says so, and at the end
     */
    public static PretrainedModel run(
            PretrainRecipe recipe, ImageSet unlabeled, Optional<Probe> probe, TrainingContext context) {
        return run(recipe, unlabeled, Optional.empty(), probe, context);
    }

    /**
     * Pretrains as {@link #run(PretrainRecipe, ImageSet, Optional, TrainingContext)} does, and goes on from earlier weights
     * where there are some.
     *
     * @param unlabeled the new images, all of which every epoch sees
     * @param start for a recipe whose {@code start} is {@code PREVIOUS}, which without one starts at random
     * @throws IllegalArgumentException also if the recipe starts at random, or the weights are those of another network
     */
    public static PretrainedModel run(
            PretrainRecipe recipe,
            ImageSet unlabeled,
            Optional<WarmStart> start,
            Optional<Probe> probe,
            TrainingContext context) {
        if (start.isPresent() && recipe.start() == PretrainRecipe.Start.RANDOM) {
            throw new IllegalArgumentException("start is RANDOM, which goes on from no checkpoint. Use PREVIOUS");
        }
        return new Pretraining(recipe, unlabeled.withoutLabels(), start, probe).run(context);
    }

    private PretrainedModel run(TrainingContext context) {
        Seed seed = new Seed(recipe.seed()).of("pretrain");
        // The seed of a warm start's recipe follows from the weights.
        String goingOn = start.isPresent() ? " new images: " + (replay.size() - replay.replayed()) : "";
        String identity = new Identity("pretrain", Recipes.PRETRAIN.write(recipe) + goingOn)
                .with(images)
                .hex();
        Plan plan = new Plan("pretrain", identity, replay.size(), recipe.batchSize(), recipe.epochs(), seed);
        Weights weights = start.map(from -> from.weights(encoder, head))
                .orElseGet(() -> Weights.initialize(PretrainedModel.parameters(encoder, head), seed));
        return Ownership.keepOrClose(weights, () -> {
            Training training = new Training(plan, weights, recipe.optimizer(), context);
            DataParallel parallel = new DataParallel(context.devices());
            double loss = recipe.memory().on()
                    ? withMemory(training, weights, parallel)
                    : withinBatches(training, weights, parallel);
            return new PretrainedModel(encoder, head, weights, metrics(weights, loss));
        });
    }

    private Map<String, Double> metrics(Weights weights, double loss) {
        Map<String, Double> metrics = new HashMap<>();
        metrics.put("loss", loss);
        Spread spread = spread(weights);
        if (spread.collapsed()) {
            LOG.warn(
                    "The projections have collapsed: {}. Try a lower optimizer.learningRate, another temperature or"
                            + " stronger augmentation",
                    spread);
        }
        metrics.put("deviation", spread.deviation());
        metrics.put("alignment", spread.alignment());
        metrics.put("uniformity", spread.uniformity());
        if (start.isPresent()) {
            metrics.put("images.new", (double) (replay.size() - replay.replayed()));
            metrics.put("images.replayed", (double) replay.replayed());
        }
        probe.ifPresent(p -> metrics.putAll(probed(p, weights)));
        return metrics;
    }

    private Map<String, Double> probed(Probe by, Weights weights) {
        return by.of(
                encoder,
                head.first(recipe.probe().layer()),
                weights,
                recipe.probe().neighbours());
    }

    /** The spread of projections after every epoch, and the probes when they are due. */
    private EpochEnd watch(Weights weights) {
        return epoch -> {
            Map<String, Double> measured = new HashMap<>();
            Spread spread = spread(weights);
            measured.put("deviation", spread.deviation());
            if (recipe.probe().on() && (epoch + 1) % recipe.probe().every() == 0) {
                measured.putAll(probed(probe.orElseThrow(), weights));
            }
            return measured;
        };
    }

    /** Of some images, in views that training has not seen, as the network is in evaluation. */
    private Spread spread(Weights weights) {
        int[] some = IntStream.range(0, Math.min(SPREAD_IMAGES, images.size())).toArray();
        try (NDManager scope = weights.newScope()) {
            NDArray features = encoder.features(weights, views.of(scope, some, recipe.epochs()), Mode.EVALUATION);
            return Spread.of(head.project(weights, features, Mode.EVALUATION));
        }
    }

    private double withinBatches(Training training, Weights weights, DataParallel parallel) {
        NtXent objective = recipe.objective();
        BatchLoss loss = (scope, batch, step, epoch) -> {
            return objective.loss(parallel.run(weights, seen(scope, batch, epoch), this::project));
        };
        return training.run(loss, watch(weights));
    }

    private double withMemory(Training training, Weights weights, DataParallel parallel) {
        try (MomentumContrast loss = new MomentumContrast(
                (by, seen) -> parallel.run(by, seen, this::project),
                head.outputWidth(),
                weights,
                recipe.objective(),
                recipe.memory(),
                this::seen)) {
            return training.run(loss, watch(weights));
        }
    }

    /** The views of a step's images, which are numbered as the epoch has them. */
    private NDArray seen(NDManager scope, int[] batch, int epoch) {
        return views.of(scope, replay.images(batch, epoch), epoch);
    }

    private NDArray project(Weights weights, NDArray seen) {
        return head.project(weights, encoder.features(weights, seen, Mode.TRAINING), Mode.TRAINING);
    }
}
