package dev.tutelage.learning.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.ModelProto;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.label.Teacher;
import dev.tutelage.learning.model.Block;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.LivelyWeights;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxTest {
    @TempDir
    Path folder;

    /** Odd sides, colour, every stem and block, head layers: everything the graph can be made of. */
    @ParameterizedTest
    @CsvSource({
        "1, 28, 28, BASIC, CIFAR_HALVED, false, 1",
        "3, 15, 10, BASIC, CIFAR, false, 0",
        "3, 32, 32, BASIC, CIFAR, false, 2",
        "3, 33, 30, BASIC, IMAGENET, false, 0",
        "3, 33, 30, BOTTLENECK, IMAGENET, false, 1",
        "1, 15, 13, BOTTLENECK, CIFAR, true, 0",
        "3, 37, 35, BOTTLENECK, IMAGENET, true, 1"
    })
    void onnxRuntimeAgreesWithPyTorch(
            int channels, int height, int width, Block block, Stem stem, boolean selectiveKernels, int headLayers)
            throws IOException {
        ImageShape images = new ImageShape(channels, height, width);
        ResNet encoder = new ResNet(channels, 8, List.of(1, 2, 1), block, stem, selectiveKernels);
        ProjectionHead head = new ProjectionHead(encoder.outputWidth(), 2, 5);
        Classifier classifier = new Classifier(encoder, head.first(headLayers), 7);
        Path file = folder.resolve("model.onnx");
        try (Weights weights = LivelyWeights.of(classifier.parameters());
                NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Onnx.write(file, classifier, weights, images);
            NDArray batch = manager.randomUniform(0, 1, new Shape(5, channels, height, width));
            float[] expected =
                    classifier.logits(weights, batch, Mode.EVALUATION).toFloatArray();
            assertThat(spread(expected)).isGreaterThan(0.1f);
            try (Teacher teacher = Teacher.load(file, images, 7, 1)) {
                assertThat(greatestDifference(teacher.logits(batch), expected)).isLessThanOrEqualTo(1e-4f);
                float[] first = teacher.logits(batch.get("0:1"));
                assertThat(greatestDifference(first, Arrays.copyOf(expected, 7)))
                        .isLessThanOrEqualTo(1e-4f);
            }
        }
    }

    @Test
    void theModelSaysWhatItTakesAndGives() throws IOException {
        Classifier classifier = Classifier.withoutHead(ResNet.basic(1, 4, List.of(1), Stem.CIFAR), 3);
        Path file = folder.resolve("model.onnx");
        try (Weights weights = LivelyWeights.of(classifier.parameters())) {
            Onnx.write(file, classifier, weights, new ImageShape(1, 8, 6));
            ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
            assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(13);
            assertThat(model.getGraph().getInput(0).getName()).isEqualTo("images");
            var shape = model.getGraph().getInput(0).getType().getTensorType().getShape();
            assertThat(shape.getDim(0).getDimParam()).isEqualTo("N");
            assertThat(List.of(
                            shape.getDim(1).getDimValue(),
                            shape.getDim(2).getDimValue(),
                            shape.getDim(3).getDimValue()))
                    .containsExactly(1L, 8L, 6L);
            assertThat(model.getGraph().getOutput(0).getName()).isEqualTo("logits");

            byte[] once = Files.readAllBytes(file);
            Onnx.write(file, classifier, weights, new ImageShape(1, 8, 6));
            assertThat(Files.readAllBytes(file)).isEqualTo(once);
            assertThatThrownBy(() -> Onnx.write(file, classifier, weights, new ImageShape(3, 8, 6)))
                    .hasMessageContaining("the encoder takes images of 1 channels, not of 3x8x6");
        }
    }

    @Test
    void foreignFilesAreNoTeachers() throws IOException {
        Path garbage = Files.write(folder.resolve("garbage.onnx"), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> Teacher.load(garbage, new ImageShape(1, 8, 8), 3, 1))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("garbage.onnx: is no model of 3 classes for images of 1x8x8");
        Classifier classifier = Classifier.withoutHead(ResNet.basic(1, 4, List.of(1), Stem.CIFAR), 3);
        Path file = folder.resolve("model.onnx");
        try (Weights weights = LivelyWeights.of(classifier.parameters())) {
            Onnx.write(file, classifier, weights, new ImageShape(1, 8, 8));
        }
        assertThatThrownBy(() -> Teacher.load(file, new ImageShape(1, 8, 8), 4, 1))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("(1, 3)");
        assertThatThrownBy(() -> Teacher.load(file, new ImageShape(3, 8, 8), 3, 1))
                .isInstanceOf(CorruptFileException.class);
    }

    private static float greatestDifference(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        float greatest = 0;
        for (int i = 0; i < expected.length; i++) {
            greatest = Math.max(greatest, Math.abs(actual[i] - expected[i]));
        }
        return greatest;
    }

    private static float spread(float[] values) {
        float least = values[0];
        float greatest = values[0];
        for (float value : values) {
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        return greatest - least;
    }
}
