package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.evaluate.Top1;
import dev.tutelage.learning.model.LinearClassifier;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.objective.CrossEntropy;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.LinearRecipe;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Linear evaluation (SimCLR, arXiv 2002.05709, section 2.2): how well a logistic regression on frozen features tells the
 * classes apart. Features are first brought to mean 0 and deviation 1, as they are over the training images.
 */
public final class LinearEvaluation {

    private static final double LEAST_DEVIATION = 1e-6;

    private LinearEvaluation() {}

    /** Features [N, D] and the N class numbers of their images. */
    public record Labeled(NDArray features, List<Integer> classes) {
        public Labeled {
            classes = List.copyOf(classes);
            if (features.getShape().get(0) != classes.size()) {
                throw new IllegalArgumentException(
                        features.getShape().get(0) + " features have " + classes.size() + " classes");
            }
        }

        /** Features [N, D] of N labeled images. */
        public static Labeled of(NDArray features, ImageSet images) {
            return new Labeled(
                    features,
                    IntStream.range(0, images.size())
                            .mapToObj(i -> images.label(i).orElseThrow())
                            .toList());
        }
    }

    /**
     * The held-out accuracy in percent.
     *
     * @param train 2 images or more
     * @param heldOut 1 image or more, features of the same width
     * @param classes how many there are, 2 or more
     * @throws DivergedException if a loss is not a number
     */
    public static double percent(LinearRecipe recipe, Labeled train, Labeled heldOut, int classes) {
        int width = (int) train.features().getShape().get(1);
        LinearClassifier classifier = new LinearClassifier(width, classes);
        Seed seed = new Seed(recipe.seed()).of("linear");
        Plan plan = new Plan(
                "linear evaluation", "linear", train.classes().size(), recipe.batchSize(), recipe.epochs(), seed);
        try (Weights weights = Weights.initialize(classifier.parameters(), seed);
                NDManager scope = weights.newScope()) {
            Standard standard = Standard.of(train.features(), scope);
            NDArray features = standard.apply(train.features(), scope);
            CrossEntropy objective = new CrossEntropy();
            new Training(plan, weights, recipe.optimizer(), TrainingContext.alone())
                    .run((step, batch, number, epoch) -> objective.loss(
                            classifier.logits(weights, rows(features, batch, step)), labels(train.classes(), batch)));
            NDArray logits = classifier.logits(weights, standard.apply(heldOut.features(), scope));
            return 100.0
                    * Top1.right(logits, heldOut.classes()::get)
                    / heldOut.classes().size();
        }
    }

    private static NDArray rows(NDArray features, int[] batch, NDManager scope) {
        NDArray index = scope.create(Arrays.stream(batch).asLongStream().toArray(), new Shape(batch.length));
        NDArray rows = features.get(index);
        rows.attach(scope);
        return rows;
    }

    private static long[] labels(List<Integer> classes, int[] batch) {
        return Arrays.stream(batch).mapToLong(image -> classes.get(image)).toArray();
    }

    /** The training features' mean and deviation, [1, D] each. */
    private record Standard(NDArray mean, NDArray deviation) {

        static Standard of(NDArray features, NDManager scope) {
            NDArray mine = features.duplicate();
            mine.attach(scope);
            NDArray mean = mine.mean(new int[] {0}, true);
            NDArray variance = mine.sub(mean).square().mean(new int[] {0}, true);
            return new Standard(mean, variance.sqrt().maximum(LEAST_DEVIATION));
        }

        NDArray apply(NDArray features, NDManager scope) {
            NDArray mine = features.duplicate();
            mine.attach(scope);
            return mine.sub(mean).div(deviation);
        }
    }
}
