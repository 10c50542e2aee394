package dev.tutelage.learning.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.label.Answer;
import dev.tutelage.learning.label.Teacher;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.LivelyWeights;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxTest {
    @TempDir
    Path folder;

    /** DJL wants to be the one who makes the environment of ONNX Runtime, of which there is one in a process. */
    @BeforeAll
    static void letDjlMakeTheEnvironment() {
        Engine.getEngine("OnnxRuntime");
    }

    /** Every well-known kind of network, narrow: block kinds, stems, selective kernels, channels, odd sides. */
    static Stream<Arguments> networks() {
        List<Arguments> all = new ArrayList<>();
        for (int depth : new int[] {18, 34, 50}) {
            for (Stem stem : Stem.values()) {
                for (boolean selectiveKernels : depth == 50 ? new boolean[] {false, true} : new boolean[] {false}) {
                    for (int channels : depth == 18 ? new int[] {1, 2, 3, 4} : new int[] {1, 3}) {
                        ImageShape images = stem == Stem.IMAGENET
                                ? new ImageShape(channels, 37, 30 + channels)
                                : new ImageShape(channels, 15, 9 + channels);
                        all.add(arguments(ResNet.ofDepth(channels, depth, 0.0625, stem, selectiveKernels), images));
                    }
                }
            }
        }
        all.add(arguments(ResNet.ofDepth(3, 152, 0.0625, Stem.IMAGENET, true), new ImageShape(3, 33, 45)));
        all.add(arguments(ResNet.basic(1, 8, List.of(1, 2, 1), Stem.CIFAR_HALVED), new ImageShape(1, 28, 28)));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void theEncodersFeaturesAreThoseOfPyTorch(ResNet encoder, ImageShape images) throws IOException {
        Path file = folder.resolve("model.onnx");
        ProjectionHead head = new ProjectionHead(encoder.outputWidth(), 2, 5);
        try (Weights weights = LivelyWeights.ofDeep(new Architecture.Pretrained(encoder, head).parameters())) {
            Onnx.write(file, encoder, weights, images);
            assertAgreement(
                    file,
                    images,
                    "features",
                    encoder.outputWidth(),
                    batch -> encoder.features(weights, batch, Mode.EVALUATION));
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void theClassifiersLogitsAreThoseOfPyTorch(ResNet encoder, ImageShape images) throws IOException {
        Path file = folder.resolve("model.onnx");
        ProjectionHead head = new ProjectionHead(encoder.outputWidth(), 3, 5);
        for (int layers = 0; layers <= head.depth(); layers++) {
            Classifier classifier = new Classifier(encoder, head.first(layers), 7);
            try (Weights weights = LivelyWeights.ofDeep(classifier.parameters())) {
                Onnx.write(file, classifier, weights, images);
                assertAgreement(file, images, "logits", 7, batch -> classifier.logits(weights, batch, Mode.EVALUATION));
                assertAgreement(
                        file,
                        images,
                        "features",
                        encoder.outputWidth(),
                        batch -> encoder.features(weights, batch, Mode.EVALUATION));
            }
        }
    }

    /** On one image and on five at once. */
    private static void assertAgreement(
            Path file, ImageShape images, String output, int width, UnaryOperator<NDArray> forward) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                SessionOptions options = new SessionOptions()) {
            // More threads would only wait for each other: the networks are tiny.
            options.setIntraOpNumThreads(1);
            try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString(), options)) {
                for (int count : new int[] {1, 5}) {
                    Shape shape = new Shape(count, images.channels(), images.height(), images.width());
                    NDArray batch = manager.create(pixels((int) shape.size()), shape);
                    float[] expected = forward.apply(batch).toFloatArray();
                    assertThat(spread(expected)).isBetween(0.1f, 1000f);
                    assertThat(greatestDifference(run(session, batch, output, width), expected))
                            .isLessThanOrEqualTo(1e-4f);
                }
            }
        } catch (OrtException e) {
            throw new AssertionError(e);
        }
    }

    private static float[] run(OrtSession session, NDArray batch, String output, int width) throws OrtException {
        long[] shape = batch.getShape().getShape();
        FloatBuffer values = FloatBuffer.wrap(batch.toFloatArray());
        try (OnnxTensor input = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values, shape);
                OrtSession.Result result = session.run(Map.of("images", input))) {
            OnnxTensor tensor = (OnnxTensor) result.get(output).orElseThrow();
            assertThat(tensor.getInfo().getShape()).containsExactly(shape[0], width);
            float[] array = new float[(int) shape[0] * width];
            tensor.getFloatBuffer().get(array);
            return array;
        }
    }

    private static float[] pixels(int count) {
        float[] values = new Seed(5).normals(count);
        for (int i = 0; i < count; i++) {
            values[i] = Math.min(1, Math.abs(values[i]));
        }
        return values;
    }

    /** 795 million weights are 3 GB. */
    @Test
    void thePapersLargestEncoderDoesNotFitAndAResNet50Does() {
        assertThat(Onnx.fit(ResNet.ofDepth(3, 152, 3, Stem.IMAGENET, true).parameters()))
                .isFalse();
        assertThat(Onnx.fit(ResNet.ofDepth(3, 50, 1, Stem.IMAGENET, false).parameters()))
                .isTrue();
    }

    @Test
    void anEncodersModelHoldsNoHead() throws IOException {
        ResNet encoder = ResNet.basic(1, 4, List.of(1), Stem.CIFAR);
        Architecture both = new Architecture.Pretrained(encoder, new ProjectionHead(4, 2, 3));
        Path file = folder.resolve("model.onnx");
        try (Weights weights = LivelyWeights.of(both.parameters())) {
            Onnx.write(file, encoder, weights, new ImageShape(1, 8, 6));
            ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
            assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(13);
            assertThat(model.getGraph().getInitializerList())
                    .extracting(TensorProto::getName)
                    .containsExactlyInAnyOrderElementsOf(
                            encoder.parameters().stream().map(Parameter::name).toList());
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

    /** Models of versions that did not tell features, and of others, still label; to the bit alike. */
    @Test
    void aModelWithoutFeaturesGivesTheSameLogits() throws IOException {
        Classifier classifier = new Classifier(
                ResNet.basic(1, 8, List.of(1, 1), Stem.CIFAR_HALVED), new ProjectionHead(16, 2, 16).first(1), 5);
        Path file = folder.resolve("model.onnx");
        Path bare = folder.resolve("bare.onnx");
        ImageShape images = new ImageShape(1, 14, 14);
        try (Weights weights = LivelyWeights.of(classifier.parameters());
                NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Onnx.write(file, classifier, weights, images);
            ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
            assertThat(model.getGraph().getOutput(1).getName()).isEqualTo("features");
            model.getGraphBuilder().removeOutput(1).removeNode(model.getGraph().getNodeCount() - 1);
            Files.write(bare, model.build().toByteArray());
            NDArray batch = manager.create(pixels(300 * images.size()), new Shape(300, 1, 14, 14));
            try (Teacher with = Teacher.load(file, images, 5, 1);
                    Teacher without = Teacher.load(bare, images, 5, 1)) {
                Answer told = with.answer(batch);
                Answer untold = without.answer(batch);
                assertThat(told.logits()).isEqualTo(untold.logits());
                assertThat(told.hasFeatures()).isTrue();
                assertThat(untold.hasFeatures()).isFalse();
                assertThat(told.features(299))
                        .containsExactly(
                                classifier
                                        .encoder()
                                        .features(weights, batch.get("299:"), Mode.EVALUATION)
                                        .toFloatArray(),
                                within(1e-4f));
            }
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
