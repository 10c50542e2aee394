package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.data.FashionMnist;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.optimizer.Scaling;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.LinearRecipe;
import dev.tutelage.learning.recipe.OptimizerRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinearEvaluationTest {
    private static final LinearRecipe RECIPE = new LinearRecipe(
            1, 90, 50, new OptimizerRecipe(OptimizerRecipe.Kind.ADAMW, 0.02, Scaling.NONE, 0, 0.01, 0.9));

    /** Of very different sizes, and one that is constant. */
    @Test
    void classesThatAPlaneDividesAreToldApart() {
        float[] normals = new Seed(1).normals(400 * 3);
        List<Integer> classes = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            normals[3 * i] *= 1000;
            normals[3 * i + 1] *= 0.001f;
            normals[3 * i + 2] = 7;
            classes.add(normals[3 * i] / 1000 + 2 * normals[3 * i + 1] / 0.001f > 0 ? 1 : 0);
        }
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray all = manager.create(normals, new Shape(400, 3));
            LinearEvaluation.Labeled train = new LinearEvaluation.Labeled(all.get("0:300"), classes.subList(0, 300));
            LinearEvaluation.Labeled heldOut =
                    new LinearEvaluation.Labeled(all.get("300:400"), classes.subList(300, 400));
            assertThat(LinearEvaluation.percent(RECIPE, train, heldOut, 2)).isGreaterThan(95);
        }
    }

    /** Raw pixels of Fashion-MNIST hold most of what there is to know. */
    @Test
    void rawPixelsOfRealImagesGoALongWay() {
        ImageSet images = FashionMnist.test();
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            LinearEvaluation.Labeled train = pixels(manager, images, 0, 1000);
            LinearEvaluation.Labeled heldOut = pixels(manager, images, 1000, 2000);
            assertThat(LinearEvaluation.percent(RECIPE, train, heldOut, 10)).isBetween(72.0, 90.0);
        }
    }

    @Test
    void everyFeatureNeedsItsClass() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray features = manager.ones(new Shape(3, 2));
            assertThatThrownBy(() -> new LinearEvaluation.Labeled(features, List.of(0, 1)))
                    .hasMessageContaining("3 features have 2 classes");
        }
    }

    private static LinearEvaluation.Labeled pixels(NDManager manager, ImageSet images, int from, int to) {
        int[] which = IntStream.range(from, to).toArray();
        NDArray features = images.batch(manager, which).reshape(which.length, -1);
        return new LinearEvaluation.Labeled(
                features,
                IntStream.of(which).mapToObj(i -> images.label(i).orElseThrow()).toList());
    }
}
