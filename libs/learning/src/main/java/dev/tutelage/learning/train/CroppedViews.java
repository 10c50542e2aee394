package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.augment.CropAndFlip;
import dev.tutelage.learning.augment.View;
import dev.tutelage.learning.augment.ViewRenderer;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.random.Seed;
import java.util.ArrayList;
import java.util.List;

/**
 * Images cropped and flipped, anew in every epoch. A view follows from the image's digest, the epoch and the seed alone.
 */
final class CroppedViews {

    private final ImageSet images;
    private final CropAndFlip crop;
    private final Seed seed;
    private final ViewRenderer renderer;

    CroppedViews(ImageSet images, CropAndFlip crop, Seed seed) {
        this.images = images;
        this.crop = crop;
        this.seed = seed;
        this.renderer = new ViewRenderer(crop.interpolation());
    }

    /** The images as an epoch sees them, [N, C, H, W]. */
    NDArray of(NDManager scope, int[] batch, int epoch) {
        List<View> crops = new ArrayList<>(batch.length);
        for (int image : batch) {
            Seed view = seed.of(images.digest(image)).of(epoch);
            crops.add(crop.draw(images.shape().height(), images.shape().width(), view));
        }
        return renderer.render(images.batch(scope, batch), crops);
    }
}
