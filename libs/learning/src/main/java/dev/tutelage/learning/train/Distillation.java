package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.augment.View;
import dev.tutelage.learning.augment.ViewRenderer;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.evaluate.Top1;
import dev.tutelage.learning.label.SoftLabels;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.objective.SoftTargets;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.DistillRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Stage 3: distillation of a student from a teacher's soft labels, without any hard label (arXiv 2006.10029, section 2,
 * equation 2). The labels are stored logits of seeded views; in epoch e the student sees view e modulo their number,
 * drawn again from its seed, so it sees what the teacher saw.
 */
public final class Distillation {

    private final ImageSet images;
    private final List<Label> labels;
    private final Classifier classifier;
    private final SoftTargets objective;
    private final ViewRenderer renderer;
    private final int views;

    /** Where the soft labels of an image are. */
    private record Label(SoftLabels labels, int image) {}

    private Distillation(DistillRecipe recipe, List<LabeledShard> shards, int classes) {
        SoftLabels first = shards.get(0).labels();
        this.images = ImageSet.concat(shards.stream().map(LabeledShard::images).toList());
        this.labels = labels(shards, classes);
        this.classifier =
                Classifier.withoutHead(recipe.encoder().resNet(images.shape().channels()), classes);
        this.objective = recipe.objective();
        this.renderer = new ViewRenderer(first.origin().recipe().crop().interpolation());
        this.views = first.views();
    }

    /**
     * Distills a student that starts at random.
     *
     * @param shards 1 or more, labeled by one teacher with one recipe
     * @param classes how many there are
     * @param heldOut labeled images to measure on, never trained on
     * @return the model with its metrics, to be closed by the caller
     * @throws IllegalArgumentException if there is no shard, or the soft labels are of different recipes or of another
     *     number of classes
     * @throws TrainingStopped if the observer asked for it
     * @throws DivergedException if the loss is not a number
     */
    public static ClassifierModel run(
            DistillRecipe recipe, List<LabeledShard> shards, int classes, ImageSet heldOut, TrainingContext context) {
        if (shards.isEmpty()) {
            throw new IllegalArgumentException("distillation needs 1 shard with soft labels or more");
        }
        return new Distillation(recipe, shards, classes).run(recipe, heldOut, context);
    }

    private static List<Label> labels(List<LabeledShard> shards, int classes) {
        SoftLabels.Origin first = shards.get(0).labels().origin();
        List<Label> labels = new ArrayList<>();
        for (LabeledShard shard : shards) {
            SoftLabels.Origin origin = shard.labels().origin();
            if (!origin.recipe().equals(first.recipe()) || !origin.teacher().equals(first.teacher())) {
                throw new IllegalArgumentException("the soft labels of shard " + origin.shard()
                        + " are of another teacher or label recipe than those of shard " + first.shard());
            }
            if (shard.labels().classes() != classes) {
                throw new IllegalArgumentException("the soft labels of shard " + origin.shard() + " are of "
                        + shard.labels().classes() + " classes, not of " + classes);
            }
            for (int image = 0; image < shard.labels().size(); image++) {
                labels.add(new Label(shard.labels(), image));
            }
        }
        return labels;
    }

    private ClassifierModel run(DistillRecipe recipe, ImageSet heldOut, TrainingContext context) {
        Seed seed = new Seed(recipe.seed()).of("distill");
        Identity identity = new Identity("distill", Recipes.DISTILL.write(recipe)).with(images.withoutLabels());
        for (Label label : labels) {
            for (int view = 0; view < views; view++) {
                identity.with(label.labels().logits(label.image(), view));
            }
        }
        Plan plan = new Plan("distill", identity.hex(), images.size(), recipe.batchSize(), recipe.epochs(), seed);
        Weights weights = Weights.initialize(classifier.parameters(), seed);
        return Ownership.keepOrClose(weights, () -> {
            double loss = new Training(plan, weights, recipe.optimizer(), context).run((scope, batch, step, epoch) -> {
                int view = epoch % views;
                NDArray seen = renderer.render(images.batch(scope, batch), viewsOf(batch, view));
                return objective.loss(classifier.logits(weights, seen, Mode.TRAINING), teacher(scope, batch, view));
            });
            double top1 = Top1.percent(classifier, weights, heldOut);
            return new ClassifierModel(classifier, weights, Map.of("loss", loss, "top1", top1));
        });
    }

    private List<View> viewsOf(int[] batch, int view) {
        List<View> seen = new ArrayList<>(batch.length);
        for (int image : batch) {
            Label label = labels.get(image);
            seen.add(label.labels().view(images.shape(), label.image(), view));
        }
        return seen;
    }

    /** The teacher's logits [N, classes]. */
    private NDArray teacher(NDManager scope, int[] batch, int view) {
        int classes = classifier.classes();
        float[] logits = new float[batch.length * classes];
        for (int i = 0; i < batch.length; i++) {
            Label label = labels.get(batch[i]);
            System.arraycopy(label.labels().logits(label.image(), view), 0, logits, i * classes, classes);
        }
        return scope.create(logits, new Shape(batch.length, classes));
    }
}
