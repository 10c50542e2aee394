package dev.tutelage.learning.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tutelage.learning.model.LivelyWeights;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalizationTest {
    private static final Normalization TORCHVISION =
            new Normalization(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

    /** What the first convolution makes of a patch, less the running mean, stays what it was. */
    @ParameterizedTest
    @CsvSource({"IMAGENET, false, conv1, bn1", "IMAGENET, true, stem.0.conv1, stem.0.bn1", "CIFAR, false, conv1, bn1"})
    void itBecomesPartOfTheFirstLayer(Stem stem, boolean selectiveKernels, String conv, String norm) {
        ResNet encoder = ResNet.ofDepth(3, 50, 0.125, stem, selectiveKernels);
        try (Weights before = LivelyWeights.of(encoder.parameters());
                Weights after = before.copy()) {
            TORCHVISION.foldInto(encoder, after);
            int area = (int) before.get(conv + ".weight").getShape().get(2)
                    * (int) before.get(conv + ".weight").getShape().get(3);
            float[] patch = new Seed(4).normals(3 * area);
            float[] normalized = new float[patch.length];
            for (int i = 0; i < patch.length; i++) {
                int channel = i / area;
                normalized[i] = (float) ((patch[i] - TORCHVISION.mean().get(channel))
                        / TORCHVISION.deviation().get(channel));
            }
            float[] expected = centered(before, conv, norm, normalized);
            assertThat(centered(after, conv, norm, patch)).containsExactly(expected, within(1e-4f));
            before.tensors().forEach((name, tensor) -> {
                if (!name.equals(conv + ".weight") && !name.equals(norm + ".running_mean")) {
                    assertThat(after.get(name)).as(name).isEqualTo(tensor);
                }
            });
        }
    }

    private static float[] centered(Weights weights, String conv, String norm, float[] patch) {
        float[] kernels = weights.get(conv + ".weight").toFloatArray();
        float[] means = weights.get(norm + ".running_mean").toFloatArray();
        float[] values = new float[means.length];
        for (int output = 0; output < means.length; output++) {
            double sum = -means[output];
            for (int i = 0; i < patch.length; i++) {
                sum += (double) kernels[output * patch.length + i] * patch[i];
            }
            values[output] = (float) sum;
        }
        return values;
    }

    @Test
    void noneChangesNothing() {
        ResNet encoder = ResNet.ofDepth(1, 18, 0.0625, Stem.CIFAR, false);
        try (Weights before = LivelyWeights.of(encoder.parameters());
                Weights after = before.copy()) {
            Normalization.none(1).foldInto(encoder, after);
            assertThat(after.tensors()).isEqualTo(before.tensors());
            assertThatThrownBy(() -> TORCHVISION.foldInto(encoder, after))
                    .hasMessage("normalization: it is for 3 channels, the encoder takes images of 1");
        }
    }

    @Test
    void valuesOutOfTheirRangesAreNamed() {
        assertThatThrownBy(() -> new Normalization(List.of(0.5), List.of()))
                .hasMessage("normalization: there are 1 means, but 0 deviations");
        assertThatThrownBy(() -> new Normalization(List.of(0.5), List.of(0.0)))
                .hasMessageContaining("deviations more than 0, not [0.5] and [0.0]");
    }
}
