package dev.tutelage.learning.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.tutelage.learning.model.LivelyWeights;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import java.util.List;
import org.junit.jupiter.api.Test;

class MovingAverageTest {

    @Test
    void keepsItsShareAndLeavesRunningStatisticsAlone() {
        List<Parameter> parameters = ResNet.basic(1, 2, List.of(1), Stem.CIFAR).parameters();
        try (Weights weights = LivelyWeights.of(parameters);
                Weights average = Weights.initialize(parameters, new Seed(3))) {
            List<float[]> before = values(average);
            weights.requireGradients(true);
            new MovingAverage(0.9).follow(average, weights);
            for (int n = 0; n < parameters.size(); n++) {
                Parameter parameter = parameters.get(n);
                float[] expected = before.get(n);
                float[] of = weights.get(parameter.name()).toFloatArray();
                for (int i = 0; parameter.trainable() && i < of.length; i++) {
                    expected[i] = 0.9f * expected[i] + 0.1f * of[i];
                }
                assertThat(average.get(parameter.name()).toFloatArray())
                        .as(parameter.name())
                        .containsExactly(expected, within(1e-6f));
            }
        }
    }

    private static List<float[]> values(Weights weights) {
        return weights.tensors().values().stream().map(NDArray::toFloatArray).toList();
    }
}
