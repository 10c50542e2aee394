package dev.tutelage.learning.program;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.Idx;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.train.PretrainingViews;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Draws images beside the views that pretraining makes of them: a row for each image, the image itself first, then the two
 * views of each epoch.
 */
public final class ContactSheet {

    private static final int IMAGES = 8;
    private static final int EPOCHS = 5;
    private static final int COLUMNS = 1 + EPOCHS * PretrainingViews.VIEWS;
    /** Pixels of the sheet for one of the image. */
    private static final int SCALE = 2;

    private static final int GAP = 2;

    private final ImageShape tile;
    private final ImageShape sheet;
    private final byte[] pixels;

    private ContactSheet(ImageShape tile) {
        this.tile = tile;
        this.sheet = new ImageShape(
                tile.channels(),
                IMAGES * (tile.height() * SCALE + GAP) - GAP,
                COLUMNS * (tile.width() * SCALE + GAP) - GAP);
        this.pixels = new byte[sheet.size()];
    }

    /**
     * Writes the sheet as PNG and prints its path.
     *
     * @param arguments an IDX file of grey images, an IDX file of their labels, a preset of pretraining, the PNG to write, and
     *     {@code gray} or {@code color}; in colour, the channels of an image are three images of the file
     */
    public static void main(String[] arguments) throws IOException {
        ImageSet gray =
                Idx.labeled(Path.of(arguments[0]), Path.of(arguments[1])).withoutLabels();
        PretrainRecipe recipe = Recipes.PRETRAIN.preset(arguments[2]);
        ImageSet images = arguments[4].equals("color") ? colored(gray) : gray;
        Path file = Path.of(arguments[3]);
        Files.write(file, png(recipe, images));
        System.out.println(file);
    }

    /** The sheet of the set's first images, encoded. */
    static byte[] png(PretrainRecipe recipe, ImageSet images) {
        ContactSheet contactSheet = new ContactSheet(images.shape());
        PretrainingViews views = new PretrainingViews(recipe, images);
        int[] rows = IntStream.range(0, IMAGES).toArray();
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            contactSheet.column(0, images.batch(scope, rows).toFloatArray(), 0);
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                NDArray batch = views.of(scope, rows, epoch);
                float[] values = batch.toFloatArray();
                for (int view = 0; view < PretrainingViews.VIEWS; view++) {
                    contactSheet.column(1 + epoch * PretrainingViews.VIEWS + view, values, view * IMAGES);
                }
            }
        }
        return ImageCodec.png(contactSheet.sheet, contactSheet.pixels);
    }

    /** Draws the images from {@code first} on below each other. */
    private void column(int column, float[] values, int first) {
        for (int row = 0; row < IMAGES; row++) {
            for (int i = 0; i < tile.size(); i++) {
                int x = i % tile.width();
                int y = i / tile.width() % tile.height();
                int channel = i / (tile.width() * tile.height());
                int value = Math.round(255 * Math.max(0, Math.min(1, values[(first + row) * tile.size() + i])));
                for (int pixel = 0; pixel < SCALE * SCALE; pixel++) {
                    int left = column * (tile.width() * SCALE + GAP) + x * SCALE + pixel % SCALE;
                    int top = row * (tile.height() * SCALE + GAP) + y * SCALE + pixel / SCALE;
                    pixels[(channel * sheet.height() + top) * sheet.width() + left] = (byte) value;
                }
            }
        }
    }

    private static ImageSet colored(ImageSet gray) {
        ImageShape shape = new ImageShape(3, gray.shape().height(), gray.shape().width());
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        for (int i = 0; i < 3 * IMAGES; i++) {
            pixels.writeBytes(gray.pixels(i));
        }
        List<String> names = IntStream.range(0, IMAGES).mapToObj(gray::digest).toList();
        return ImageSet.of(shape, names, pixels.toByteArray(), names, Optional.empty());
    }
}
