package dev.tutelage.learning.label;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.augment.View;
import dev.tutelage.learning.augment.ViewRenderer;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.recipe.LabelRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Imputes soft labels: draws the recipe's views of each image and asks the teacher about every one (SimCLRv2, arXiv
 * 2006.10029, section 2, where teacher and student see the same augmented image). Views come from PyTorch, as they do in
 * the student's training; logits come from ONNX Runtime.
 */
public final class Labeling {
    private Labeling() {}

    /** What happens between two batches. */
    @FunctionalInterface
    public interface BetweenBatches<E extends Exception> {
        /**
         * A batch is done.
         *
         * @param images that are labeled so far
         */
        void batches(int images) throws E;
    }

    /**
     * Labels all images.
     *
     * @param origin the recipe to follow, and the digests to write down
     * @param between is told after each batch how many images are done; what it throws ends the labeling
     * @throws IllegalArgumentException if the images are not of the teacher's shape, or the teacher's logits are not
     *     finite
     */
    public static <E extends Exception> SoftLabels run(
            LogitSource teacher, ImageSet images, SoftLabels.Origin origin, BetweenBatches<E> between) throws E {
        if (!images.shape().equals(teacher.images())) {
            throw new IllegalArgumentException(
                    "the teacher labels images of " + teacher.images() + ", not " + images.shape());
        }
        LabelRecipe recipe = origin.recipe();
        long[] seeds = viewSeeds(images, recipe);
        float[] logits = new float[Math.multiplyExact(seeds.length, teacher.classes())];
        ViewRenderer renderer = new ViewRenderer(recipe.crop().interpolation());
        for (int from = 0; from < images.size(); from += recipe.batchSize()) {
            int to = Math.min(images.size(), from + recipe.batchSize());
            int[] batch = IntStream.range(from, to).toArray();
            try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                NDArray pixels = images.batch(scope, batch);
                for (int view = 0; view < recipe.views(); view++) {
                    NDArray seen = renderer.render(pixels, views(images, recipe, seeds, batch, view));
                    store(teacher.logits(seen), logits, from, view, recipe.views(), teacher.classes());
                    seen.close();
                }
            }
            between.batches(to);
        }
        List<String> digests =
                IntStream.range(0, images.size()).mapToObj(images::digest).toList();
        return new SoftLabels(origin, teacher.classes(), digests, seeds, logits);
    }

    private static long[] viewSeeds(ImageSet images, LabelRecipe recipe) {
        long[] seeds = new long[Math.multiplyExact(images.size(), recipe.views())];
        for (int i = 0; i < seeds.length; i++) {
            seeds[i] = recipe.viewSeed(images.digest(i / recipe.views()), i % recipe.views());
        }
        return seeds;
    }

    private static List<View> views(ImageSet images, LabelRecipe recipe, long[] seeds, int[] batch, int view) {
        List<View> views = new ArrayList<>(batch.length);
        for (int image : batch) {
            views.add(recipe.view(images.shape(), view, seeds[image * recipe.views() + view]));
        }
        return views;
    }

    /** Copies [N, classes] of one view into [n, K, classes] from image {@code from} on. */
    private static void store(float[] batch, float[] logits, int from, int view, int views, int classes) {
        for (int i = 0; i < batch.length / classes; i++) {
            System.arraycopy(batch, i * classes, logits, ((from + i) * views + view) * classes, classes);
        }
    }
}
