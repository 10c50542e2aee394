package dev.tutelage.learning.train;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Small images whose class can be seen, and recipes that take a second. */
final class Toys {

    static final ImageShape SHAPE = new ImageShape(1, 8, 8);
    static final int CLASSES = 2;

    private Toys() {}

    /** Noise with a bright upper half (class 0) or a bright left half (class 1). */
    static ImageSet images(int count, int seed) {
        Random random = new Random(seed);
        byte[] pixels = new byte[count * SHAPE.size()];
        int[] labels = new int[count];
        List<String> names = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            labels[n] = n % CLASSES;
            names.add("image-" + seed + "-" + n);
            for (int i = 0; i < SHAPE.size(); i++) {
                boolean bright = labels[n] == 0 ? i / 8 < 4 : i % 8 < 4;
                pixels[n * SHAPE.size() + i] = (byte) ((bright ? 128 : 0) + random.nextInt(120));
            }
        }
        return ImageSet.of(SHAPE, names, pixels, names, Optional.of(labels));
    }

    static PretrainRecipe pretrain(String overrides) {
        PretrainRecipe small = Recipes.PRETRAIN.override(
                Recipes.PRETRAIN.preset("quick"),
                "{\"encoder\":{\"width\":4,\"blocks\":[1,1],\"stem\":\"CIFAR\"},\"head\":{\"outputWidth\":8},"
                        + "\"epochs\":2,\"batchSize\":8}");
        return Recipes.PRETRAIN.override(small, overrides);
    }
}
