package dev.tutelage.learning.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.random.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResNetTest {
    private static final ResNet RESNET_18 = ResNet.basic(3, 64, List.of(2, 2, 2, 2), Stem.CIFAR);

    /** The known sizes of ResNet-18 and ResNet-34 with the CIFAR stem and ten classes. */
    @Test
    void hasThePublishedNumberOfParameters() {
        assertThat(trainable(Classifier.withoutHead(RESNET_18, 10).parameters()))
                .isEqualTo(11_173_962);
        ResNet resNet34 = ResNet.basic(3, 64, List.of(3, 4, 6, 3), Stem.CIFAR);
        assertThat(trainable(Classifier.withoutHead(resNet34, 10).parameters())).isEqualTo(21_282_122);
    }

    /** Stem, three blocks of two convolutions, two shortcuts, and two numbers for each normalised channel. */
    @ParameterizedTest
    @CsvSource({"1, 16, CIFAR", "3, 16, CIFAR_HALVED", "1, 5, CIFAR"})
    void parametersOfOneBlockAStageFollowTheFormula(int channels, int width, Stem kind) {
        long w = width;
        long stem = 9L * channels * w;
        long first = 9 * w * w + 9 * w * w;
        long second = 9 * w * 2 * w + 9 * 2 * w * 2 * w + w * 2 * w;
        long third = 9 * 2 * w * 4 * w + 9 * 4 * w * 4 * w + 2 * w * 4 * w;
        long norms = 2 * (w + 2 * w + 3 * 2 * w + 3 * 4 * w);
        ResNet encoder = ResNet.basic(channels, width, List.of(1, 1, 1), kind);
        assertThat(trainable(encoder.parameters())).isEqualTo(stem + first + second + third + norms);
    }

    @Test
    void tensorsHaveTorchvisionsNamesAndOrder() {
        ResNet encoder = ResNet.basic(1, 4, List.of(1, 1), Stem.CIFAR);
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
        assertThat(Classifier.withoutHead(RESNET_18, 1000).parameters())
                .hasSize(102)
                .extracting(Parameter::name)
                .contains("layer4.1.bn2.running_var", "layer3.0.downsample.1.bias", "fc.weight", "fc.bias")
                .doesNotContain("layer1.0.downsample.0.weight");
    }

    /** One to one, but for the entries that only count batches. */
    @Test
    void resNet50HasTorchvisionsTensorsInTheirOrderAndShapes() throws IOException {
        ResNet encoder = ResNet.ofDepth(3, 50, 1, Stem.IMAGENET, false);
        assertThat(Classifier.withoutHead(encoder, 1000).parameters())
                .extracting(parameter -> parameter.name() + " "
                        + Arrays.stream(parameter.shape().getShape())
                                .mapToObj(Long::toString)
                                .collect(Collectors.joining("x")))
                .containsExactlyElementsOf(torchvision());
    }

    private static List<String> torchvision() throws IOException {
        try (InputStream list = ResNetTest.class.getResourceAsStream("/torchvision-resnet50.txt")) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.contains("num_batches_tracked"))
                    .toList();
        }
    }

    @Test
    void onlyTheLastScaleOfEveryBlockStartsAtZero() {
        assertScales(RESNET_18, ".bn2.weight");
        assertScales(ResNet.ofDepth(3, 50, 0.25, Stem.IMAGENET, true), ".bn3.weight");
    }

    private static void assertScales(ResNet encoder, String zero) {
        for (Parameter parameter : encoder.parameters()) {
            if (parameter.role() == Role.NORM_SCALE) {
                float scale = parameter.initialization().values(1, new Seed(1))[0];
                assertThat(scale)
                        .as(parameter.name())
                        .isEqualTo(parameter.name().endsWith(zero) ? 0 : 1);
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
    @CsvSource({
        "BASIC, CIFAR, false, 16",
        "BASIC, CIFAR_HALVED, false, 16",
        "BASIC, IMAGENET, false, 16",
        "BOTTLENECK, CIFAR, false, 64",
        "BOTTLENECK, IMAGENET, false, 64",
        "BOTTLENECK, CIFAR, true, 64",
        "BOTTLENECK, IMAGENET, true, 64"
    })
    void turnsImagesOfAnySizeIntoFeatures(Block block, Stem stem, boolean selectiveKernels, int features) {
        ResNet encoder = new ResNet(3, 4, List.of(1, 2, 1), block, stem, selectiveKernels);
        try (Weights weights = Weights.initialize(encoder.parameters(), new Seed(1));
                NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray images = manager.ones(new Shape(2, 3, 15, 10));
            assertThat(encoder.features(weights, images, Mode.EVALUATION).getShape())
                    .isEqualTo(new Shape(2, features));
        }
    }

    @Test
    void sizesOutOfTheirRangesAreNamed() {
        assertThatThrownBy(() -> ResNet.basic(1, 0, List.of(1), Stem.CIFAR))
                .hasMessageContaining("encoder: width must be");
        assertThatThrownBy(() -> ResNet.basic(1, 8, List.of(), Stem.CIFAR))
                .hasMessageContaining("encoder: blocks must list");
        assertThatThrownBy(() -> ResNet.basic(1, 8, List.of(1, 0), Stem.CIFAR))
                .hasMessageContaining("encoder: blocks must have");
        assertThatThrownBy(() -> ResNet.ofDepth(3, 20, 1, Stem.CIFAR, false))
                .hasMessageContaining("encoder: depth must be 18, 34, 50, 101 or 152, not 20");
    }

    @Test
    void selectiveKernelsAreRefusedWhereTheyHaveNoPlace() {
        assertThatThrownBy(() -> ResNet.ofDepth(3, 34, 1, Stem.IMAGENET, true))
                .hasMessageContaining("selectiveKernels needs block BOTTLENECK");
    }

    /** The sizes that the paper gives its encoders, in millions; it counts neither a head nor a classifier. */
    @ParameterizedTest
    @CsvSource({
        "50, 1, false, 24", "50, 1, true, 35", "50, 2, false, 94", "50, 2, true, 140",
        "101, 1, false, 43", "101, 1, true, 65", "101, 2, false, 170", "101, 2, true, 257",
        "152, 1, false, 58", "152, 1, true, 89", "152, 2, false, 233", "152, 2, true, 354",
        "152, 3, true, 795"
    })
    void hasThePapersNumberOfParameters(int depth, int width, boolean selectiveKernels, double millions) {
        ResNet encoder = ResNet.ofDepth(3, depth, width, Stem.IMAGENET, selectiveKernels);
        double actual = trainable(encoder.parameters()) / 1e6;
        assertThat(actual).isCloseTo(millions, within(Math.max(0.01 * millions, 0.5)));
    }

    /** torchvision's own count of resnet50 without its classifier. */
    @Test
    void resNet50HasTorchvisionsNumberOfParameters() {
        ResNet encoder = ResNet.ofDepth(3, 50, 1, Stem.IMAGENET, false);
        assertThat(trainable(encoder.parameters())).isEqualTo(23_508_032);
        assertThat(trainable(Classifier.withoutHead(encoder, 1000).parameters()))
                .isEqualTo(25_557_032);
    }

    @ParameterizedTest
    @CsvSource({"0.25, 16", "0.5, 32", "3, 192", "4, 256"})
    void widthMultipliersScaleTheStem(double multiplier, int stem) {
        assertThat(ResNet.ofDepth(1, 18, multiplier, Stem.CIFAR, false).width()).isEqualTo(stem);
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
