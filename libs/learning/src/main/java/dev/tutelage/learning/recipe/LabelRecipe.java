package dev.tutelage.learning.recipe;

import dev.tutelage.learning.augment.CropAndFlip;
import dev.tutelage.learning.augment.View;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.random.Seed;

/**
 * How a teacher labels images: it sees several seeded views of each, and its logits for every one are kept, so that the
 * student can be shown exactly what the teacher saw.
 *
 * @param seed of all random choices
 * @param views of each image, 1..64
 * @param plainView whether view 0 is the whole image instead of a random one
 * @param crop of the random views
 * @param batchSize images in one pass, 1..65536
 * @param logits how logits are kept; FP16 halves the soft labels and rounds each to 11 bits
 * @param hygiene which images are not labeled, or flagged
 */
public record LabelRecipe(
        long seed,
        int views,
        boolean plainView,
        CropAndFlip crop,
        int batchSize,
        Precision logits,
        HygieneRecipe hygiene)
        implements Recipe {

    /** How numbers are kept (IEEE 754). */
    public enum Precision {
        /** Single precision, 4 bytes: the teacher's own numbers. */
        FP32,
        /** Half precision, 2 bytes: the nearest number of 11 significant bits, up to 65504. */
        FP16
    }

    /** @throws InvalidRecipeException naming the field that is missing or out of its range */
    public LabelRecipe {
        Require.that(views >= 1 && views <= 64, "views", "1..64", views);
        Require.present(crop, "crop");
        Require.present(hygiene, "hygiene");
        Require.that(batchSize >= 1 && batchSize <= 65_536, "batchSize", "1..65536", batchSize);
        Require.present(logits, "logits");
    }

    /**
     * The seed of one view, from which alone {@link #view} draws it.
     *
     * @param digest of the image's encoded bytes
     * @param view 0..views-1
     */
    public long viewSeed(String digest, int view) {
        return new Seed(seed).of("label").of(digest).of(view).value();
    }

    /**
     * One view of an image of this shape.
     *
     * @param view 0..views-1
     * @param viewSeed as {@link #viewSeed} gave it
     */
    public View view(ImageShape shape, int view, long viewSeed) {
        if (plainView && view == 0) {
            return View.whole(shape.height(), shape.width());
        }
        return crop.draw(shape.height(), shape.width(), new Seed(viewSeed));
    }
}
