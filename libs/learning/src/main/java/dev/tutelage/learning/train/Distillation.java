package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.evaluate.HeldOutPredictions;
import dev.tutelage.learning.evaluate.Reference;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.objective.CrossEntropy;
import dev.tutelage.learning.objective.SoftTargets;
import dev.tutelage.learning.objective.WeightedSum;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.DistillRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Stage 3: distillation of a student from what a teacher says about images without labels (arXiv 2006.10029, section 2,
 * equation 2), and, if the recipe's alpha is less than 1, from labeled images beside them (equation 3).
 *
 * <p>Self-distillation is a student with the teacher's own encoder. A chain, first to itself and then to a small student,
 * is two calls, the first one's result being the second one's teacher.
 */
public final class Distillation {

    private final DistillRecipe recipe;
    private final Sources sources;
    private final Classifier classifier;
    private final Seed seed;

    /**
     * What a student learns from.
     *
     * @param teacher what is to be imitated
     * @param labeled images whose labels take part; there must be some exactly if the recipe's alpha is less than 1
     * @param start weights to begin with, of which the encoder's are needed and the classifier's taken if they fit; they
     *     stay the caller's. Empty for random ones
     */
    public record Sources(TeacherSignal teacher, Optional<ImageSet> labeled, Optional<Weights> start) {

        /** A teacher alone, and a student that starts at random. */
        public static Sources of(TeacherSignal teacher) {
            return new Sources(teacher, Optional.empty(), Optional.empty());
        }
    }

    private Distillation(DistillRecipe recipe, Sources sources) {
        int channels = sources.teacher().images().shape().channels();
        this.recipe = recipe;
        this.sources = sources;
        this.classifier = Classifier.withoutHead(
                recipe.encoder().resNet(channels), sources.teacher().classes());
        this.seed = new Seed(recipe.seed()).of("distill");
        if (recipe.usesLabels() != sources.labeled().isPresent()) {
            throw new IllegalArgumentException("alpha is " + recipe.alpha() + ", which takes "
                    + (recipe.usesLabels() ? "" : "no ") + "labeled images");
        }
    }

    /**
     * Distills a student.
     *
     * @param heldOut labeled images to measure on, never trained on nor chosen by
     * @return the model with its metrics, to be closed by the caller
     * @throws IllegalArgumentException if the sources do not fit the recipe or each other
     * @throws TrainingStopped if the observer asked for it
     * @throws DivergedException if the loss is not a number or has exploded
     */
    public static ClassifierModel run(
            DistillRecipe recipe, Sources sources, ImageSet heldOut, TrainingContext context) {
        return new Distillation(recipe, sources).run(heldOut, context);
    }

    private ClassifierModel run(ImageSet heldOut, TrainingContext context) {
        Weights weights = startingWeights();
        return Ownership.keepOrClose(weights, () -> {
            Map<String, Double> metrics = new HashMap<>(train(weights, context));
            HeldOutPredictions predictions = HeldOutPredictions.of(classifier, weights, heldOut);
            metrics.putAll(predictions.metrics());
            return new ClassifierModel(
                    classifier,
                    weights,
                    metrics,
                    predictions,
                    Reference.of(classifier, weights, sources.teacher().images(), heldOut, seed));
        });
    }

    private Weights startingWeights() {
        Map<String, NDArray> start = new HashMap<>();
        sources.start().ifPresent(weights -> {
            for (Parameter parameter : classifier.encoder().parameters()) {
                if (!weights.has(parameter.name())) {
                    throw new IllegalArgumentException("start: the checkpoint has no tensor " + parameter.name()
                            + ": its encoder is not the recipe's");
                }
            }
            start.putAll(weights.tensors());
        });
        boolean sameClassifier = classifier.parameters().stream()
                .filter(Parameter::supervisedHead)
                .allMatch(parameter -> start.containsKey(parameter.name())
                        && start.get(parameter.name()).getShape().equals(parameter.shape()));
        if (!sameClassifier) {
            classifier.parameters().stream().filter(Parameter::supervisedHead).forEach(p -> start.remove(p.name()));
        }
        return Weights.inherit(classifier.parameters(), start, seed);
    }

    private Map<String, Double> train(Weights weights, TrainingContext context) {
        return new ValidatedTraining(recipe.validation(), sources.teacher().images(), seed)
                .run(
                        images -> new Training(plan(images), weights, recipe.optimizer(), context),
                        weights,
                        loss(weights),
                        (scope, batch) -> imitation(weights, scope, batch));
    }

    private Plan plan(int images) {
        Identity identity = new Identity("distill", Recipes.DISTILL.write(recipe));
        sources.teacher().identify(identity);
        sources.labeled().ifPresent(identity::with);
        sources.start().ifPresent(identity::with);
        return new Plan("distill", identity.hex(), images, recipe.batchSize(), recipe.epochs(), seed);
    }

    private BatchLoss loss(Weights weights) {
        SoftTargets objective = recipe.objective();
        if (sources.labeled().isEmpty()) {
            return (scope, batch, step, epoch) -> {
                TeacherSignal.Lesson lesson = sources.teacher().lesson(scope, batch, epoch);
                return objective.loss(classifier.logits(weights, lesson.seen(), Mode.TRAINING), lesson.logits());
            };
        }
        return withLabels(weights, sources.labeled().get());
    }

    /** Both kinds of images make one batch, so that its statistics are of all. */
    private BatchLoss withLabels(Weights weights, ImageSet labeled) {
        Seed labels = seed.of("labels");
        LabelTraining known = new LabelTraining(classifier, weights, labeled, recipe.crop(), labels, Mode.TRAINING);
        Plan plan = new Plan("labels", "", labeled.size(), recipe.labeledBatchSize(), Integer.MAX_VALUE, labels);
        PlannedBatches batches = new PlannedBatches(plan);
        SoftTargets imitation = recipe.objective();
        CrossEntropy correctness = new CrossEntropy();
        return (scope, batch, step, epoch) -> {
            TeacherSignal.Lesson lesson = sources.teacher().lesson(scope, batch, epoch);
            int[] labeledBatch = batches.at(step);
            NDArray seen =
                    NDArrays.concat(new NDList(lesson.seen(), known.views(scope, labeledBatch, plan.epoch(step))), 0);
            NDArray logits = classifier.logits(weights, seen, Mode.TRAINING);
            NDArray imitated = imitation.loss(logits.get("0:" + batch.length), lesson.logits());
            NDArray correct = correctness.loss(logits.get(batch.length + ":"), known.labels(labeledBatch));
            return WeightedSum.of(recipe.alpha(), imitated, correct);
        };
    }

    /** How well the student says what the teacher says, in evaluation, about the first views. */
    private NDArray imitation(Weights weights, NDManager scope, int[] batch) {
        TeacherSignal.Lesson lesson = sources.teacher().lesson(scope, batch, 0);
        return recipe.objective().loss(classifier.logits(weights, lesson.seen(), Mode.EVALUATION), lesson.logits());
    }
}
