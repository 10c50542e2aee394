package dev.tutelage.learning.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.random.Seed;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResNetTest {
    private static final ResNet RESNET_18 = new ResNet(3, 64, List.of(2, 2, 2, 2), 1);

    /** The known sizes of ResNet-18 and ResNet-34 with the CIFAR stem and ten classes. */
    @Test
    void hasThePublishedNumberOfParameters() {
        assertThat(trainable(new Classifier(RESNET_18, 0, 10).parameters())).isEqualTo(11_173_962);
        ResNet resNet34 = new ResNet(3, 64, List.of(3, 4, 6, 3), 1);
        assertThat(trainable(new Classifier(resNet34, 0, 10).parameters())).isEqualTo(21_282_122);
    }

    /** Stem, three blocks of two convolutions, two shortcuts, and two numbers for each normalised channel. */
    @ParameterizedTest
    @CsvSource({"1, 16, 1", "3, 16, 2", "1, 5, 1"})
    void parametersOfOneBlockAStageFollowTheFormula(int channels, int width, int stemStride) {
        long w = width;
        long stem = 9L * channels * w;
        long first = 9 * w * w + 9 * w * w;
        long second = 9 * w * 2 * w + 9 * 2 * w * 2 * w + w * 2 * w;
        long third = 9 * 2 * w * 4 * w + 9 * 4 * w * 4 * w + 2 * w * 4 * w;
        long norms = 2 * (w + 2 * w + 3 * 2 * w + 3 * 4 * w);
        ResNet encoder = new ResNet(channels, width, List.of(1, 1, 1), stemStride);
        assertThat(trainable(encoder.parameters())).isEqualTo(stem + first + second + third + norms);
    }

    @Test
    void tensorsHaveTorchvisionsNamesAndOrder() {
        ResNet encoder = new ResNet(1, 4, List.of(1, 1), 1);
        Stream<String> expected = Stream.of(
                        Stream.of("conv1.weight"),
                        norm("bn1"),
                        Stream.of("layer1.0.conv1.weight"),
                        norm("layer1.0.bn1"),
                        Stream.of("layer1.0.conv2.weight"),
                        norm("layer1.0.bn2"),
                        Stream.of("layer2.0.conv1.weight"),
                        norm("layer2.0.bn1"),
                        Stream.of("layer2.0.conv2.weight"),
                        norm("layer2.0.bn2"),
                        Stream.of("layer2.0.downsample.0.weight"),
                        norm("layer2.0.downsample.1"))
                .flatMap(names -> names);
        assertThat(encoder.parameters()).extracting(Parameter::name).containsExactlyElementsOf(expected.toList());
    }

    /** torchvision's resnet18 has 122 entries, 20 of which only count batches. */
    @Test
    void resNet18HasTorchvisionsTensors() {
        assertThat(new Classifier(RESNET_18, 0, 1000).parameters())
                .hasSize(102)
                .extracting(Parameter::name)
                .contains("layer4.1.bn2.running_var", "layer3.0.downsample.1.bias", "fc.weight", "fc.bias")
                .doesNotContain("layer1.0.downsample.0.weight");
    }

    @Test
    void onlyTheLastScaleOfEveryBlockStartsAtZero() {
        for (Parameter parameter : RESNET_18.parameters()) {
            if (parameter.role() == Role.NORM_SCALE) {
                float scale = parameter.initialization().values(1, new Seed(1))[0];
                assertThat(scale)
                        .as(parameter.name())
                        .isEqualTo(parameter.name().endsWith(".bn2.weight") ? 0 : 1);
            }
        }
    }

    @Test
    void kernelsStartWithVarianceTwoOverFanOut() {
        Parameter kernel = RESNET_18.parameters().stream()
                .filter(parameter -> parameter.name().equals("layer2.0.conv1.weight"))
                .findFirst()
                .orElseThrow();
        assertThat(kernel.shape()).isEqualTo(new Shape(128, 64, 3, 3));
        float[] values = kernel.initialization().values((int) kernel.shape().size(), new Seed(1));
        double squares = 0;
        for (float value : values) {
            squares += value * value;
        }
        assertThat(squares / values.length / (2.0 / (9 * 128))).isBetween(0.98, 1.02);
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void turnsImagesIntoFeatures(int stemStride) {
        ResNet encoder = new ResNet(3, 4, List.of(1, 2, 1), stemStride);
        try (Weights weights = Weights.initialize(encoder.parameters(), new Seed(1));
                NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray images = manager.ones(new Shape(2, 3, 15, 10));
            assertThat(encoder.features(weights, images, Mode.EVALUATION).getShape())
                    .isEqualTo(new Shape(2, 16));
        }
    }

    @Test
    void sizesOutOfTheirRangesAreNamed() {
        assertThatThrownBy(() -> new ResNet(1, 0, List.of(1), 1)).hasMessageContaining("encoder: width must be");
        assertThatThrownBy(() -> new ResNet(1, 8, List.of(), 1)).hasMessageContaining("encoder: blocks must list");
        assertThatThrownBy(() -> new ResNet(1, 8, List.of(1, 0), 1)).hasMessageContaining("encoder: blocks must have");
        assertThatThrownBy(() -> new ResNet(1, 8, List.of(1), 3)).hasMessageContaining("encoder: stemStride must be");
    }

    private static Stream<String> norm(String module) {
        return Stream.of("weight", "bias", "running_mean", "running_var").map(name -> module + "." + name);
    }

    private static long trainable(List<Parameter> parameters) {
        return parameters.stream()
                .filter(Parameter::trainable)
                .mapToLong(parameter -> parameter.shape().size())
                .sum();
    }
}
