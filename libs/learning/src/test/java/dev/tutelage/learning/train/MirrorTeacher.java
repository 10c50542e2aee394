package dev.tutelage.learning.train;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.label.Teacher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A model whose logits are the very pixels that it is given. */
final class MirrorTeacher {

    private MirrorTeacher() {}

    /** @param folder for the model's file */
    static Teacher load(Path folder, ImageShape shape) throws IOException {
        Path file = Files.write(folder.resolve("mirror.onnx"), model(shape).toByteArray());
        return Teacher.load(file, shape, shape.size(), 1);
    }

    /** [N, C, H, W] becomes [N, C * H * W]. */
    private static ModelProto model(ImageShape shape) {
        return ModelProto.newBuilder()
                .setIrVersion(7)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(GraphProto.newBuilder()
                        .setName("mirror")
                        .addNode(NodeProto.newBuilder()
                                .setOpType("Flatten")
                                .addInput("images")
                                .addOutput("logits"))
                        .addInput(tensor("images", shape.channels(), shape.height(), shape.width()))
                        .addOutput(tensor("logits", shape.size())))
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
