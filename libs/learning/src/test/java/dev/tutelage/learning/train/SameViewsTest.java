package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.label.Labeling;
import dev.tutelage.learning.label.SoftLabels;
import dev.tutelage.learning.label.Teacher;
import dev.tutelage.learning.recipe.LabelRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whether the student sees what the teacher saw. The teacher here is a model whose logits are the very pixels that it was
 * given, so soft labels hold the tensors that reached it.
 */
class SameViewsTest {
    private static final ImageShape SHAPE = new ImageShape(2, 9, 7);
    private static final int IMAGES = 23;
    private static final float TOLERANCE = 1e-6f;

    private static Teacher mirror;

    @BeforeAll
    static void load(@TempDir Path folder) throws IOException {
        mirror = Teacher.load(
                Files.write(folder.resolve("mirror.onnx"), mirrorModel().toByteArray()), SHAPE, SHAPE.size(), 1);
    }

    @AfterAll
    static void close() {
        mirror.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1, true, BILINEAR, 23",
        "1, false, BICUBIC, 4",
        "3, true, BICUBIC, 1",
        "3, false, BILINEAR, 5",
        "8, true, BILINEAR, 250",
        "8, true, BICUBIC, 7",
    })
    void theStudentSeesTheTensorThatTheTeacherSaw(int views, boolean plain, String interpolation, int batchSize)
            throws IOException {
        LabelRecipe recipe = Recipes.LABEL.override(
                Recipes.LABEL.preset("quick"),
                "{\"views\":" + views + ",\"plainView\":" + plain + ",\"batchSize\":" + batchSize
                        + ",\"crop\":{\"minArea\":0.1,\"interpolation\":\"" + interpolation + "\"}}");
        StoredLogits stored = new StoredLogits(List.of(label(images(1), recipe), label(images(2), recipe)));
        Random random = new Random(views);
        for (int epoch = 0; epoch <= views; epoch++) {
            for (int size : new int[] {1, 6, 2 * IMAGES}) {
                int[] batch = random.ints(size, 0, 2 * IMAGES).toArray();
                try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                    TeacherSignal.Lesson lesson = stored.lesson(scope, batch, epoch);
                    assertThat(lesson.seen().toFloatArray())
                            .containsExactly(lesson.logits().toFloatArray(), within(TOLERANCE));
                }
            }
        }
    }

    /** Through the file, as between two services. */
    private static LabeledShard label(ImageSet images, LabelRecipe recipe) throws IOException {
        SoftLabels.Origin origin = new SoftLabels.Origin("mirror", images.key(0), recipe);
        Path file = Files.createTempFile("labels", ".safetensors");
        try {
            Labeling.run(mirror, images, origin, done -> {}).write(file);
            return new LabeledShard(images, SoftLabels.read(file));
        } finally {
            Files.delete(file);
        }
    }

    private static ImageSet images(int seed) {
        byte[] pixels = new byte[IMAGES * SHAPE.size()];
        new Random(seed).nextBytes(pixels);
        List<String> digests = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            digests.add(String.format("%02x", seed * 100 + i).repeat(32));
        }
        return ImageSet.of(SHAPE, digests, pixels, digests, Optional.empty());
    }

    /** [N, C, H, W] becomes [N, C * H * W]. */
    private static ModelProto mirrorModel() {
        return ModelProto.newBuilder()
                .setIrVersion(7)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(GraphProto.newBuilder()
                        .setName("mirror")
                        .addNode(NodeProto.newBuilder()
                                .setOpType("Flatten")
                                .addInput("images")
                                .addOutput("logits"))
                        .addInput(tensor("images", SHAPE.channels(), SHAPE.height(), SHAPE.width()))
                        .addOutput(tensor("logits", SHAPE.size())))
                .build();
    }

    private static ValueInfoProto tensor(String name, int... dimensions) {
        TypeProto.Tensor.Builder tensor =
                TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber());
        tensor.getShapeBuilder().addDimBuilder().setDimParam("N");
        for (int dimension : dimensions) {
            tensor.getShapeBuilder().addDimBuilder().setDimValue(dimension);
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
