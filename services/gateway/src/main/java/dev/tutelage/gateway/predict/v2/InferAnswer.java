package dev.tutelage.gateway.predict.v2;

import static dev.tutelage.gateway.predict.v2.InferBody.refused;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tutelage.gateway.predict.Probabilities;
import dev.tutelage.gateway.predict.Student;
import dev.tutelage.learning.format.Onnx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is answered: JSON, and behind it the bytes of the tensors that were wanted so. */
final class InferAnswer {
    static final String LOGITS = Onnx.LOGITS;
    static final String PROBABILITIES = "probabilities";

    private final ObjectNode json;
    private final List<byte[]> binary = new ArrayList<>();

    private InferAnswer(ObjectNode json) {
        this.json = json;
    }

    /**
     * Makes sure that there are such outputs, before anything is computed.
     *
     * @throws dev.tutelage.gateway.predict.PredictionRefusedException if there are not
     */
    static void requireKnown(InferRequest request) {
        for (InferRequest.Output output : request.outputs()) {
            if (!output.name().equals(LOGITS) && !output.name().equals(PROBABILITIES)) {
                throw refused(
                        "outputs: there is no '" + output.name() + "'. There are " + LOGITS + " and " + PROBABILITIES);
            }
            if (output.isClassification()) {
                throw refused("outputs: the classification extension is not there. Ask for " + PROBABILITIES
                        + "; the names of the classes are in the model's metadata");
            }
        }
    }

    /** @param logits [count, classes] in row-major order */
    static InferAnswer of(InferRequest request, Student student, float[] logits, int count, ObjectMapper mapper) {
        ObjectNode json = mapper.createObjectNode();
        json.put("model_name", student.task()).put("model_version", student.digest());
        request.id().ifPresent(id -> json.put("id", id));
        InferAnswer answer = new InferAnswer(json);
        int classes = student.classes().size();
        ArrayNode outputs = json.putArray("outputs");
        for (InferRequest.Output wanted : wanted(request)) {
            float[] values = wanted.name().equals(LOGITS) ? logits : probabilities(logits, classes);
            ObjectNode output = outputs.addObject().put("name", wanted.name()).put("datatype", ImageTensor.FP32);
            output.putArray("shape").add(count).add(classes);
            answer.put(output, values, wanted.isBinary(request.isAllBinary()));
        }
        return answer;
    }

    private static List<InferRequest.Output> wanted(InferRequest request) {
        return request.outputs().isEmpty()
                ? List.of(new InferRequest.Output(LOGITS, Map.of()), new InferRequest.Output(PROBABILITIES, Map.of()))
                : request.outputs();
    }

    private static float[] probabilities(float[] logits, int classes) {
        double[] exact = Probabilities.of(logits, classes);
        float[] rounded = new float[exact.length];
        for (int i = 0; i < exact.length; i++) {
            rounded[i] = (float) exact[i];
        }
        return rounded;
    }

    private void put(ObjectNode output, float[] values, boolean asBytes) {
        if (asBytes) {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            output.putObject("parameters").put("binary_data_size", bytes.capacity());
            binary.add(bytes.array());
            return;
        }
        ArrayNode data = output.putArray("data");
        for (float value : values) {
            data.add(value);
        }
    }

    boolean isBinary() {
        return !binary.isEmpty();
    }

    ObjectNode json() {
        return json;
    }

    /** The JSON and the bytes behind it. */
    byte[] withBinary(byte[] head) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(head);
        for (byte[] each : binary) {
            out.write(each);
        }
        return out.toByteArray();
    }
}
