package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.augment.GaussianBlur;
import dev.tutelage.learning.augment.View;
import dev.tutelage.learning.augment.ViewRenderer;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.PretrainRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The views that pretraining compares (SimCLR, arXiv 2002.05709, appendix A): crop and flip, colour jitter, greyscale and
 * blur, batched on the device. Each view follows from the image's digest, the epoch and the recipe's seed alone.
 *
 * <p>It keeps buffers between calls, so one serves one thread.
 */
public final class PretrainingViews {

    /** Of each image in a step. */
    public static final int VIEWS = 2;

    private final PretrainRecipe recipe;
    private final ImageSet images;
    private final ViewRenderer renderer;
    private final GaussianBlur blur;

    public PretrainingViews(PretrainRecipe recipe, ImageSet images) {
        this.recipe = recipe;
        this.images = images;
        this.renderer = new ViewRenderer(recipe.crop().interpolation());
        this.blur = new GaussianBlur(recipe.blur());
    }

    /**
     * The views of a batch.
     *
     * @param scope owns the result
     * @param batch numbers of N images
     * @param epoch from 0
     * @return [2N, C, H, W] with values in 0..1: the first views of the images, then the second ones
     */
    public NDArray of(NDManager scope, int[] batch, int epoch) {
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
