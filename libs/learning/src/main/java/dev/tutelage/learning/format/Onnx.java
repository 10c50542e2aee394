package dev.tutelage.learning.format;

import ai.djl.ndarray.NDArray;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Forward;
import dev.tutelage.learning.model.Operations;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Weights;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Exports networks as ONNX models for any ONNX runtime: opset {@value #OPSET}, input {@value #INPUT} float32 [N, C, H, W] in
 * [0, 1] with any N. A classifier's outputs are {@value #LOGITS} float32 [N, classes] and {@value #FEATURES} float32 [N,
 * width], the output of its encoder; an encoder's is {@value #FEATURES} alone. The graph is the architecture's own description of its forward pass, in evaluation mode, told to a builder of
 * graph nodes instead of to tensors.
 */
public final class Onnx {
    /** The version of the operators' meaning. */
    public static final int OPSET = 13;
    /** The name of the input. */
    public static final String INPUT = "images";
    /** The name of a classifier's first output. */
    public static final String LOGITS = "logits";
    /** The name of an encoder's output and of a classifier's second one. */
    public static final String FEATURES = "features";

    /** The first version of the format that has opset 13. */
    private static final int IR_VERSION = 7;
    /** A protobuf message cannot be larger; this leaves room for the graph itself. */
    private static final long LARGEST_WEIGHTS = Integer.MAX_VALUE - (16L << 20);

    private Onnx() {}

    /**
     * Writes a classifier. Equal weights give equal bytes.
     *
     * @param images the shape of the images it is for
     * @throws IllegalArgumentException if the images do not have the encoder's channels, or the weights do not {@link #fit}
     */
    public static void write(Path file, Classifier classifier, Weights weights, ImageShape images) throws IOException {
        check(classifier.encoder(), classifier.parameters(), images);
        Graph graph = new Graph(weights);
        String features = classifier.encoder().features(graph, INPUT);
        // First: whoever takes the only output of earlier versions takes the first.
        graph.output(classifier.logitsOfFeatures(graph, features), LOGITS, classifier.classes());
        graph.output(features, FEATURES, classifier.encoder().outputWidth());
        write(file, graph, "classifier", images);
    }

    /**
     * Writes an encoder alone, without a head; see {@link #write(Path, Classifier, Weights, ImageShape)}.
     *
     * @param weights the encoder's, and possibly others, which are left out
     */
    public static void write(Path file, ResNet encoder, Weights weights, ImageShape images) throws IOException {
        check(encoder, encoder.parameters(), images);
        Graph graph = new Graph(weights);
        graph.output(encoder.features(graph, INPUT), FEATURES, encoder.outputWidth());
        write(file, graph, "encoder", images);
    }

    /** Whether an ONNX file, which cannot have more than 2 GiB, has room for weights. */
    public static boolean fit(List<Parameter> parameters) {
        return bytes(parameters) <= LARGEST_WEIGHTS;
    }

    private static long bytes(List<Parameter> parameters) {
        return parameters.stream()
                        .mapToLong(parameter -> parameter.shape().size())
                        .sum()
                * Float.BYTES;
    }

    private static void check(ResNet encoder, List<Parameter> parameters, ImageShape images) {
        if (images.channels() != encoder.channels()) {
            throw new IllegalArgumentException(
                    "the encoder takes images of " + encoder.channels() + " channels, not of " + images);
        }
        if (!fit(parameters)) {
            throw new IllegalArgumentException(
                    "the weights take " + bytes(parameters) + " bytes, more than an ONNX file can hold");
        }
    }

    private static void write(Path file, Graph graph, String name, ImageShape images) throws IOException {
        graph.builder.setName(name);
        graph.builder.addInput(value(INPUT, images.channels(), images.height(), images.width()));
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("tutelage")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setGraph(graph.builder)
                .build();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            model.writeTo(out);
        }
    }

    /** A float tensor whose first dimension is the batch. */
    private static ValueInfoProto value(String name, long... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        shape.addDimBuilder().setDimParam("N");
        for (long dimension : dimensions) {
            shape.addDimBuilder().setDimValue(dimension);
        }
        TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder()
                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                .setShape(shape)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** Builds nodes; a value is the name of a node's output. */
    private static final class Graph implements Operations<String> {
        private final GraphProto.Builder builder = GraphProto.newBuilder();
        private final Set<String> initializers = new HashSet<>();
        private final Weights weights;

        private Graph(Weights weights) {
            this.weights = weights;
        }

        /** Makes a value [N, width] the graph's output. */
        private void output(String value, String name, int width) {
            node("Identity", name, name, value);
            builder.addOutput(Onnx.value(name, width));
        }

        @Override
        public String convolution(String input, String module, int stride, int padding) {
            String kernel = weight(module + ".weight");
            NodeProto.Builder node = node("Conv", module, module, input, kernel);
            node.addAttribute(integers("strides", stride, stride));
            node.addAttribute(integers("pads", padding, padding, padding, padding));
            return module;
        }

        @Override
        public String batchNorm(String input, String module) {
            String scale = weight(module + ".weight");
            String shift = weights.has(module + ".bias")
                    ? weight(module + ".bias")
                    : zeros(module + ".bias", weights.get(scale).getShape().size());
            String mean = weight(module + ".running_mean");
            String variance = weight(module + ".running_var");
            node("BatchNormalization", module, module, input, scale, shift, mean, variance)
                    .addAttribute(AttributeProto.newBuilder()
                            .setName("epsilon")
                            .setType(AttributeProto.AttributeType.FLOAT)
                            .setF(Forward.EPSILON));
            return module;
        }

        @Override
        public String relu(String input) {
            return unnamed("Relu", input);
        }

        @Override
        public String add(String left, String right) {
            return unnamed("Add", left, right);
        }

        @Override
        public String maxPool(String input) {
            String name = nextName("MaxPool");
            NodeProto.Builder node = node("MaxPool", name, name, input);
            node.addAttribute(integers("kernel_shape", 3, 3));
            node.addAttribute(integers("strides", 2, 2));
            node.addAttribute(integers("pads", 1, 1, 1, 1));
            return name;
        }

        @Override
        public String averagePool(String input) {
            String name = nextName("AveragePool");
            NodeProto.Builder node = node("AveragePool", name, name, input);
            node.addAttribute(integers("kernel_shape", 2, 2));
            node.addAttribute(integers("strides", 2, 2));
            node.addAttribute(integer("ceil_mode", 1));
            return name;
        }

        @Override
        public String meanOfBranches(String branches) {
            List<String> both = halves(branches);
            return unnamed("GlobalAveragePool", unnamed("Add", both.get(0), both.get(1)));
        }

        @Override
        public String select(String branches, String scores) {
            List<String> values = halves(branches);
            List<String> each = halves(scores);
            // The softmax of two scores is the sigmoid of their difference.
            String first = unnamed("Sigmoid", unnamed("Sub", each.get(0), each.get(1)));
            String difference = unnamed("Sub", values.get(0), values.get(1));
            return unnamed("Add", values.get(1), unnamed("Mul", first, difference));
        }

        /** The first and the second half of the channels. */
        private List<String> halves(String input) {
            String name = nextName("Split");
            List<String> outputs = List.of(name + ".first", name + ".second");
            builder.addNodeBuilder()
                    .setOpType("Split")
                    .setName(name)
                    .addInput(input)
                    .addAllOutput(outputs)
                    .addAttribute(integer("axis", 1));
            return outputs;
        }

        @Override
        public String globalAveragePool(String input) {
            return unnamed("Flatten", unnamed("GlobalAveragePool", input));
        }

        @Override
        public String dense(String input, String module) {
            String matrix = weight(module + ".weight");
            NodeProto.Builder node = weights.has(module + ".bias")
                    ? node("Gemm", module, module, input, matrix, weight(module + ".bias"))
                    : node("Gemm", module, module, input, matrix);
            node.addAttribute(integer("transB", 1));
            return module;
        }

        private String unnamed(String operator, String... inputs) {
            String name = nextName(operator);
            node(operator, name, name, inputs);
            return name;
        }

        private String nextName(String operator) {
            return operator + "_" + builder.getNodeCount();
        }

        private NodeProto.Builder node(String operator, String name, String output, String... inputs) {
            return builder.addNodeBuilder()
                    .setOpType(operator)
                    .setName(name)
                    .addAllInput(List.of(inputs))
                    .addOutput(output);
        }

        private String weight(String name) {
            if (initializers.add(name)) {
                NDArray tensor = weights.get(name);
                TensorProto.Builder values = initializer(name, tensor.getShape().getShape());
                // Not copied: a large network's weights have no place on the Java heap.
                values.setRawData(UnsafeByteOperations.unsafeWrap(tensor.toByteBuffer(true)));
            }
            return name;
        }

        private String zeros(String name, long length) {
            if (initializers.add(name)) {
                initializer(name, length).setRawData(ByteString.copyFrom(new byte[(int) length * Float.BYTES]));
            }
            return name;
        }

        private TensorProto.Builder initializer(String name, long... dimensions) {
            TensorProto.Builder tensor =
                    builder.addInitializerBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT.getNumber());
            Arrays.stream(dimensions).forEach(tensor::addDims);
            return tensor;
        }

        private static AttributeProto integer(String name, long value) {
            return AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(value)
                    .build();
        }

        private static AttributeProto integers(String name, long... values) {
            AttributeProto.Builder attribute =
                    AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
            Arrays.stream(values).forEach(attribute::addInts);
            return attribute.build();
        }
    }
}
