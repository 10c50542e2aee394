package dev.tutelage.learning.program;

import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.optimizer.Scaling;
import dev.tutelage.learning.recipe.LinearRecipe;
import dev.tutelage.learning.recipe.OptimizerRecipe;
import dev.tutelage.learning.train.LinearEvaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A logistic regression on raw pixels: what a few labels give without any network. It is the best of a small sweep on the
 * held-out images themselves, which favours it.
 */
public final class PixelRegression {

    private static final double[] WEIGHT_DECAYS = {0.001, 0.01, 0.1, 1};

    private PixelRegression() {}

    /**
     * Prints the held-out accuracy in percent.
     *
     * @param arguments IDX files of training images, training labels, held-out images and held-out labels, and the numbers
     *     of the training images whose labels are used, with commas between them
     */
    public static void main(String[] arguments) throws IOException {
        IdxPair images =
                IdxPair.of(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3]));
        int[] used = Arrays.stream(arguments[4].split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            LinearEvaluation.Labeled known = pixels(scope, images.train().subset(used));
            LinearEvaluation.Labeled asked = pixels(scope, images.test());
            System.out.println(Arrays.stream(WEIGHT_DECAYS)
                    .map(weightDecay -> LinearEvaluation.percent(recipe(weightDecay), known, asked, images.classes()))
                    .max()
                    .orElseThrow());
        }
    }

    private static LinearRecipe recipe(double weightDecay) {
        return new LinearRecipe(
                1, 200, 60, new OptimizerRecipe(OptimizerRecipe.Kind.ADAMW, 0.003, Scaling.NONE, 0, weightDecay, 0.9));
    }

    private static LinearEvaluation.Labeled pixels(NDManager scope, ImageSet images) {
        int[] all = IntStream.range(0, images.size()).toArray();
        return LinearEvaluation.Labeled.of(images.batch(scope, all).reshape(all.length, -1), images);
    }
}
