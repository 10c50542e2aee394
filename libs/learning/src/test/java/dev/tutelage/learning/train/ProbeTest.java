package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.evaluate.Features;
import dev.tutelage.learning.recipe.PretrainRecipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProbeTest {

    private static final Probe PROBE = new Probe(Toys.images(40, 2), Toys.images(50, 3), Toys.CLASSES);
    private static final PretrainRecipe PROBED =
            Toys.pretrain("{\"epochs\":3,\"probe\":{\"every\":2,\"neighbours\":5}}");

    @Test
    void probesAreMadeOnTheWayAndAtTheEnd() {
        List<Map<String, Double>> seen = new ArrayList<>();
        TrainingObserver observer = new TrainingObserver() {
            @Override
            public void progress(Progress progress) {
                seen.add(progress.metrics());
            }

            @Override
            public boolean stopRequested() {
                return false;
            }
        };
        TrainingContext context = new TrainingContext(observer, Snapshots.none());
        try (PretrainedModel model = Pretraining.run(PROBED, Toys.images(32, 1), Optional.of(PROBE), context)) {
            assertThat(seen.get(seen.size() - 1)).containsKeys("knn", "linear", "deviation");
            assertThat(model.metrics().get("knn")).isBetween(60.0, 100.0);
            assertThat(model.metrics().get("linear")).isBetween(80.0, 100.0);
        }
    }

    @Test
    void lookingChangesNothing() {
        PretrainRecipe blind = Toys.pretrain("{\"epochs\":3}");
        try (PretrainedModel probed =
                        Pretraining.run(PROBED, Toys.images(32, 1), Optional.of(PROBE), TrainingContext.alone());
                PretrainedModel unseen = Pretraining.run(blind, Toys.images(32, 1), TrainingContext.alone())) {
            assertThat(TinyTask.bits(probed.weights())).isEqualTo(TinyTask.bits(unseen.weights()));
        }
    }

    /** The probe at the head's last layer sees what the contrastive loss sees. */
    @Test
    void featuresOfAnyLayerOfTheHeadAreProbed() {
        double[] linear = new double[4];
        for (int layer = 0; layer < linear.length; layer++) {
            PretrainRecipe recipe =
                    Toys.pretrain("{\"epochs\":3,\"head\":{\"outputWidth\":6},\"probe\":{\"layer\":" + layer + "}}");
            try (PretrainedModel model =
                    Pretraining.run(recipe, Toys.images(32, 1), Optional.of(PROBE), TrainingContext.alone())) {
                linear[layer] = model.metrics().get("linear");
                try (NDManager scope = model.weights().newScope()) {
                    NDArray features = Features.of(
                            model.encoder(), model.head().first(layer), model.weights(), PROBE.heldOut(), scope);
                    assertThat(features.getShape().get(1)).isEqualTo(layer == 3 ? 6 : 8);
                }
            }
        }
        for (double percent : linear) {
            assertThat(percent).isBetween(60.0, 100.0);
        }
        assertThat(Arrays.stream(linear).distinct().count()).isGreaterThan(1);
    }

    @Test
    void probesNeedLabels() {
        assertThatThrownBy(() -> Pretraining.run(PROBED, Toys.images(32, 1), TrainingContext.alone()))
                .hasMessage("probe.every is 2: probes need labeled and held-out images");
    }
}
