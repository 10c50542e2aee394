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
import dev.tutelage.learning.recipe.LabelRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Stage 3: a fresh student learns from a teacher's soft labels alone (arXiv 2006.10029, section 2 and equation 2). In
 * every epoch it sees one of the views that the teacher saw, and is compared with the teacher's logits for that one.
 */
public final class Distillation {

    private final DistillRecipe recipe;
    private final List<SoftLabels> labels = new ArrayList<>();
    private final ImageSet images;
    /** Of each image, its shard and its place in it. */
    private final int[] shardOf;

    private final int[] placeOf;
    private final int classes;
    private final ViewRenderer renderer;

    private Distillation(DistillRecipe recipe, List<LabeledShard> shards, int classes) {
        checkAgree(shards, classes);
        this.recipe = recipe;
        this.classes = classes;
        this.images = ImageSet.concat(
                shards.stream().map(shard -> shard.images().withoutLabels()).toList());
        this.shardOf = new int[images.size()];
        this.placeOf = new int[images.size()];
        int image = 0;
        for (LabeledShard shard : shards) {
            for (int place = 0; place < shard.images().size(); place++) {
                shardOf[image] = labels.size();
                placeOf[image++] = place;
            }
            labels.add(shard.labels());
        }
        this.renderer = new ViewRenderer(labelRecipe(shards.get(0)).crop().interpolation());
    }

    /**
     * Trains a fresh student.
     *
     * @param shards 1 or more, labeled with the same recipe, all images of one shape; no label of their own is used
     * @param classes how many logits the teacher has
     * @param heldOut labeled images to measure on, never trained on
     * @return the model with its metrics, to be closed by the caller
     * @throws IllegalArgumentException if the shards do not agree with each other or with the classes
     * @throws TrainingStopped if the observer asked for it
     * @throws DivergedException if the loss is not a number
     */
    public static ClassifierModel run(
            DistillRecipe recipe, List<LabeledShard> shards, int classes, ImageSet heldOut, TrainingContext context) {
        return new Distillation(recipe, List.copyOf(shards), classes).run(heldOut, context);
    }

    private ClassifierModel run(ImageSet heldOut, TrainingContext context) {
        Classifier student =
                new Classifier(recipe.encoder().resNet(images.shape().channels()), 0, classes);
        Seed seed = new Seed(recipe.seed()).of("distill");
        Plan plan = new Plan("distill", identity(), images.size(), recipe.batchSize(), recipe.epochs(), seed);
        Weights weights = Weights.initialize(student.parameters(), seed);
        return Ownership.keepOrClose(weights, () -> {
            SoftTargets objective = recipe.objective();
            double loss = new Training(plan, weights, recipe.optimizer(), context).run((scope, batch, epoch) -> {
                int view = epoch % labels.get(0).views();
                NDArray seen = renderer.render(images.batch(scope, batch), views(batch, view));
                NDArray logits = student.logits(weights, seen, Mode.TRAINING);
                return objective.loss(logits, teacher(scope, batch, view));
            });
            double top1 = Top1.percent(student, weights, heldOut);
            return new ClassifierModel(student, weights, Map.of("loss", loss, "top1", top1));
        });
    }

    private List<View> views(int[] batch, int view) {
        List<View> views = new ArrayList<>();
        for (int image : batch) {
            views.add(labels.get(shardOf[image]).view(images.shape(), placeOf[image], view));
        }
        return views;
    }

    /** The teacher's logits, [N, classes]. */
    private NDArray teacher(NDManager scope, int[] batch, int view) {
        float[] logits = new float[batch.length * classes];
        for (int i = 0; i < batch.length; i++) {
            float[] of = labels.get(shardOf[batch[i]]).logits(placeOf[batch[i]], view);
            System.arraycopy(of, 0, logits, i * classes, classes);
        }
        return scope.create(logits, new Shape(batch.length, classes));
    }

    private String identity() {
        Identity identity = new Identity("distill", Recipes.DISTILL.write(recipe)).with(images);
        for (SoftLabels shard : labels) {
            for (int image = 0; image < shard.size(); image++) {
                for (int view = 0; view < shard.views(); view++) {
                    identity.with(shard.logits(image, view));
                }
            }
        }
        return identity.hex();
    }

    private static void checkAgree(List<LabeledShard> shards, int classes) {
        if (shards.isEmpty()) {
            throw new IllegalArgumentException("distillation needs 1 labeled shard or more");
        }
        LabelRecipe first = labelRecipe(shards.get(0));
        for (LabeledShard shard : shards) {
            String name = "shard " + shard.labels().origin().shard();
            if (shard.labels().classes() != classes) {
                throw new IllegalArgumentException(
                        name + " is labeled with " + shard.labels().classes() + " classes, the student has " + classes);
            }
            if (!labelRecipe(shard).equals(first)) {
                throw new IllegalArgumentException(
                        name + " was labeled with another recipe than the first shard; label it again");
            }
        }
    }

    private static LabelRecipe labelRecipe(LabeledShard shard) {
        return shard.labels().origin().recipe();
    }
}
