package dev.tutelage.learning.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignEncoderTest {
    private static final ResNet ENCODER = ResNet.ofDepth(3, 18, 0.0625, Stem.IMAGENET, false);
    private static final ProjectionHead HEAD = new ProjectionHead(ENCODER.outputWidth(), 2, 5);

    @TempDir
    Path folder;

    private final SafetensorsByHand file = new SafetensorsByHand();

    /** The list was published by torchvision; the file has its names and shapes, and nothing but zeros. */
    @Test
    void torchvisionsResNet50IsFound() throws IOException {
        try (InputStream list = ForeignEncoderTest.class.getResourceAsStream("/torchvision-resnet50.txt")) {
            new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .forEach(line -> {
                        boolean counts = line[0].endsWith("num_batches_tracked");
                        file.zeros(line[0], counts ? "I64" : "F16", counts ? new Long[0] : shape(line[1]));
                    });
        }
        ForeignEncoder found = ForeignEncoder.find(
                file.write(folder.resolve("resnet50.safetensors")), ResNet.ofDepth(3, 50, 1, Stem.IMAGENET, false));
        assertThat(found.prefix()).isEmpty();
        assertThat(found.leftOut()).containsExactly("fc.weight", "fc.bias");
    }

    private static Long[] shape(String sides) {
        return Arrays.stream(sides.split("x")).map(Long::valueOf).toArray(Long[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"F32", "F16", "BF16", "F64"})
    void everyTypeOfNumberIsRead(String dtype) throws IOException {
        Map<String, float[]> values = file.random("", dtype, ENCODER.parameters());
        try (Weights weights = found().with(HEAD, new Seed(1));
                Weights fresh = Weights.initialize(HEAD.parameters(), new Seed(1))) {
            values.forEach((name, expected) ->
                    assertThat(weights.get(name).toFloatArray()).as(name).isEqualTo(expected));
            fresh.tensors()
                    .forEach((name, expected) ->
                            assertThat(weights.get(name)).as(name).isEqualTo(expected));
        }
    }

    @Test
    void aWrappersPrefixIsTakenOffAndTheRestIsLeftOut() throws IOException {
        Map<String, float[]> values = file.random("module.backbone.", "F32", ENCODER.parameters());
        file.zeros("module.backbone.bn1.num_batches_tracked", "I64").zeros("module.mlp.0.weight", "F32", 4L, 4L);
        ForeignEncoder found = found();
        assertThat(found.prefix()).isEqualTo("module.backbone.");
        assertThat(found.leftOut()).containsExactly("module.mlp.0.weight");
        try (Weights weights = found.with(HEAD, new Seed(1))) {
            assertThat(weights.get("bn1.running_var").toFloatArray()).isEqualTo(values.get("bn1.running_var"));
        }
    }

    @Test
    void ofTwoEncodersNoneIsMeant() {
        file.random("encoder_q.", "F32", ENCODER.parameters());
        file.random("encoder_k.", "F32", ENCODER.parameters());
        refused("100 of its tensors are missing (conv1.weight, bn1.weight, bn1.bias, bn1.running_mean, ...)");
    }

    @Test
    void whatDoesNotFitIsNamed() {
        file.random("", "F32", ResNet.ofDepth(3, 18, 0.0625, Stem.CIFAR, false).parameters());
        refused("1 do not fit (conv1.weight is F32 (4, 3, 3, 3), not of floats (4, 3, 7, 7))");
        refused("Give the depth, width, stem, selective kernels and channels that the file was made with");
    }

    @Test
    void runningStatisticsMustBeThere() {
        file.random(
                "",
                "F32",
                ENCODER.parameters().stream().filter(Parameter::trainable).toList());
        file.zeros("fc.bias", "F32", 2L);
        refused("40 of its tensors are missing (bn1.running_mean, bn1.running_var, layer1.0.bn1.running_mean,"
                + " layer1.0.bn1.running_var, ...); other tensors are in the file (fc.bias)");
    }

    @Test
    void wholeNumbersAreNoWeights() {
        file.random("", "F32", parametersBut("bn1.bias"));
        file.zeros("bn1.bias", "I64", 4L);
        refused("bn1.bias is I64 (4), not of floats (4)");
    }

    @Test
    void valuesThatCannotBeAreRefused() throws IOException {
        file.random("", "F32", parametersBut("bn1.bias"));
        file.with("bn1.bias", "F32", new float[] {1, Float.NaN, 2, 3}, 4L);
        ForeignEncoder found = found();
        assertThatThrownBy(() -> found.with(HEAD, new Seed(1)))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("tensor bn1.bias has values that are not finite");
    }

    @Test
    void variancesBelowZeroAreRefused() throws IOException {
        file.random("", "F32", parametersBut("bn1.running_var"));
        file.with("bn1.running_var", "F32", new float[] {1, 1, -1, 1}, 4L);
        ForeignEncoder found = found();
        assertThatThrownBy(() -> found.with(HEAD, new Seed(1)))
                .hasMessageContaining("tensor bn1.running_var has a variance below zero");
    }

    private static List<Parameter> parametersBut(String name) {
        return ENCODER.parameters().stream()
                .filter(parameter -> !parameter.name().equals(name))
                .toList();
    }

    private ForeignEncoder found() throws IOException {
        return ForeignEncoder.find(file.write(folder.resolve("encoder.safetensors")), ENCODER);
    }

    private void refused(String problem) {
        assertThatThrownBy(this::found)
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("encoder.safetensors: does not hold this encoder")
                .hasMessageContaining(problem);
    }
}
