package dev.tutelage.gateway.predict.v2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is asked, as the protocol's JSON has it. What may be left out is empty then.
 *
 * @param id to be told with the answer
 * @param outputs that are wanted; none: all
 */
record InferRequest(Optional<String> id, List<Input> inputs, List<Output> outputs, Map<String, JsonNode> parameters) {
    /** The parameter with which all outputs are wanted as bytes. */
    private static final String ALL_BINARY = "binary_data_output";

    InferRequest {
        id = Objects.requireNonNullElse(id, Optional.empty());
        inputs = withoutNull("inputs", inputs);
        outputs = withoutNull("outputs", outputs);
        parameters = Objects.requireNonNullElse(parameters, Map.of());
    }

    /** Whether outputs are wanted as bytes where nothing else is said of them. */
    boolean isAllBinary() {
        return isTrue(parameters, ALL_BINARY);
    }

    /**
     * A tensor.
     *
     * @param data its values in row-major order, however they were nested
     */
    record Input(
            String name,
            String datatype,
            List<Long> shape,
            Map<String, JsonNode> parameters,

            @JsonDeserialize(contentUsing = FloatsDeserializer.class)
            Optional<FloatBuffer> data) {
        private static final String BINARY_SIZE = "binary_data_size";

        Input {
            name = Objects.requireNonNullElse(name, "");
            datatype = Objects.requireNonNullElse(datatype, "");
            shape = withoutNull("shape", shape);
            parameters = Objects.requireNonNullElse(parameters, Map.of());
            data = Objects.requireNonNullElse(data, Optional.empty());
        }

        /** How many bytes after the JSON are its values, if they are not in it. */
        Optional<JsonNode> binarySize() {
            return Optional.ofNullable(parameters.get(BINARY_SIZE));
        }
    }

    /** A tensor that is wanted. */
    record Output(String name, Map<String, JsonNode> parameters) {
        private static final String BINARY = "binary_data";
        private static final String CLASSIFICATION = "classification";

        Output {
            name = Objects.requireNonNullElse(name, "");
            parameters = Objects.requireNonNullElse(parameters, Map.of());
        }

        boolean isBinary(boolean otherwise) {
            return parameters.containsKey(BINARY) ? isTrue(parameters, BINARY) : otherwise;
        }

        boolean isClassification() {
            return parameters.containsKey(CLASSIFICATION);
        }
    }

    /** What is thrown becomes a problem of the JSON, which tells where. */
    private static <T> List<T> withoutNull(String field, List<T> list) {
        List<T> known = Objects.requireNonNullElse(list, List.of());
        if (known.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException(field + " must not have a null in it");
        }
        return known;
    }

    private static boolean isTrue(Map<String, JsonNode> parameters, String name) {
        return parameters.containsKey(name) && parameters.get(name).asBoolean();
    }
}
