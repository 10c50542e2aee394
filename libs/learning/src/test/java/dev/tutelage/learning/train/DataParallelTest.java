package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.objective.NtXent;
import dev.tutelage.learning.random.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * One device, twice, stands for two: the CPU, or the first GPU where there is one. To PyTorch it is one, so this shows the
 * arithmetic, not the copying.
 */
class DataParallelTest {

    private static final ResNet ENCODER = ResNet.basic(1, 4, List.of(1, 1), Stem.CIFAR_HALVED);
    private static final List<Device> ONE = TrainingContext.devices(1);
    private static final DataParallel TWO = new DataParallel(List.of(ONE.get(0), ONE.get(0)));
    private static final NtXent OBJECTIVE = new NtXent(0.5);
    private static final int WIDTH = ENCODER.outputWidth();

    @Test
    void everyViewMeetsEveryOtherAndEachPartIsNormalisedByItself() {
        try (Weights weights = Weights.initialize(ENCODER.parameters(), new Seed(1));
                NDManager scope = weights.newScope()) {
            NDArray views = views(scope);
            float[] made = TWO.run(weights, views, DataParallelTest::features).toFloatArray();
            // Images 0 to 3 and 4 to 9 of ten, both views of each, by hand.
            float[] left = features(weights, views.get(rows(scope, 0, 5))).toFloatArray();
            float[] right = features(weights, views.get(rows(scope, 5, 10))).toFloatArray();
            for (int row = 0; row < 20; row++) {
                int image = row % 10;
                float[] half = image < 5 ? left : right;
                int place = image % 5 + (row < 10 ? 0 : 5);
                for (int i = 0; i < WIDTH; i++) {
                    assertThat(made[row * WIDTH + i])
                            .as("row %d", row)
                            .isCloseTo(half[place * WIDTH + i], within(1e-5f));
                }
            }
        }
    }

    @Test
    void gradientsOfAllPartsMeetInTheWeights() {
        float[] both =
                gradient((weights, views) -> OBJECTIVE.loss(TWO.run(weights, views, DataParallelTest::features)));
        float[] oneGraph = gradient((weights, views) -> {
            NDManager scope = views.getManager();
            NDArray left = features(weights, views.get(rows(scope, 0, 5)));
            NDArray right = features(weights, views.get(rows(scope, 5, 10)));
            NDArray first = left.get("0:5").concat(right.get("0:5"), 0);
            NDArray second = left.get("5:").concat(right.get("5:"), 0);
            return OBJECTIVE.loss(first.concat(second, 0));
        });
        assertThat(both).hasSameSizeAs(oneGraph);
        for (int i = 0; i < both.length; i++) {
            assertThat(both[i]).isCloseTo(oneGraph[i], within(1e-5f));
        }
        assertThat(both[0]).isNotEqualTo(0f);
    }

    @Test
    void trainingOnTwoDevicesLearnsAsMuch() {
        for (String memory : List.of("0", "64")) {
            String recipe = "{\"batchSize\":16,\"epochs\":12,\"memory\":{\"queue\":" + memory + ",\"momentum\":0.9}}";
            assertThat(loss(recipe, TWO.devices())).isCloseTo(loss(recipe, ONE), within(1.0));
        }
    }

    private static double loss(String recipe, List<Device> devices) {
        TrainingContext context =
                new TrainingContext(TrainingObserver.none(), Snapshots.none(), Duration.ofDays(1), devices);
        try (PretrainedModel model = Pretraining.run(Toys.pretrain(recipe), Toys.images(64, 1), context)) {
            return model.metrics().get("loss");
        }
    }

    @Test
    void aBatchTooSmallToShareStaysOnOneDevice() {
        try (Weights weights = Weights.initialize(ENCODER.parameters(), new Seed(1));
                NDManager scope = weights.newScope()) {
            NDArray views = views(scope).get("0:6");
            List<Long> sizes = new ArrayList<>();
            TWO.run(weights, views, (by, input) -> {
                sizes.add(input.getShape().get(0));
                return features(by, input);
            });
            assertThat(sizes).containsExactly(6L);
        }
    }

    private interface Loss {
        NDArray of(Weights weights, NDArray views);
    }

    private static float[] gradient(Loss loss) {
        try (Weights weights = Weights.initialize(ENCODER.parameters(), new Seed(1));
                NDManager scope = weights.newScope()) {
            weights.requireGradients(true);
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                collector.backward(loss.of(weights, views(scope)));
            }
            return weights.get("conv1.weight").getGradient().toFloatArray();
        }
    }

    private static NDArray features(Weights weights, NDArray views) {
        return ENCODER.features(weights, views, Mode.TRAINING);
    }

    /** Twice ten images; the second views are mirrored. */
    private static NDArray views(NDManager scope) {
        int[] all = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        NDArray images = TinyTask.IMAGES.batch(scope, all);
        return images.concat(images.flip(3), 0);
    }

    private static NDArray rows(NDManager scope, int from, int to) {
        long[] rows = new long[2 * (to - from)];
        for (int i = from; i < to; i++) {
            rows[i - from] = i;
            rows[i - from + to - from] = 10L + i;
        }
        return scope.create(rows);
    }
}
