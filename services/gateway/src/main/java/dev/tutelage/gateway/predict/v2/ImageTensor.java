package dev.tutelage.gateway.predict.v2;

import static dev.tutelage.gateway.predict.v2.InferBody.refused;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.format.Onnx;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * The images that are asked about, as the models take them.
 *
 * @param values [count, C, H, W] in row-major order, finite
 * @param count 1 or more
 */
record ImageTensor(FloatBuffer values, int count) {
    /** The name of a model's one input. */
    static final String NAME = Onnx.INPUT;

    static final String FP32 = "FP32";
    private static final int DIMENSIONS = 4;

    /**
     * The one input of a request.
     *
     * @throws dev.tutelage.gateway.predict.PredictionRefusedException if there is another number of them, or it is no such
     *     tensor
     */
    static ImageTensor of(InferBody body, ImageShape shape) {
        List<InferRequest.Input> inputs = body.request().inputs();
        if (inputs.size() != 1 || !inputs.get(0).name().equals(NAME)) {
            throw refused("inputs: there must be one, '" + NAME + "', not "
                    + inputs.stream().map(InferRequest.Input::name).toList());
        }
        InferRequest.Input input = inputs.get(0);
        if (!input.datatype().equals(FP32)) {
            throw refused("inputs[0].datatype is '" + input.datatype() + "': it must be " + FP32);
        }
        int count = count(input.shape(), shape);
        FloatBuffer values = values(input, body.binary());
        if (values.remaining() != (long) count * shape.size()) {
            throw refused("inputs[0] has " + values.remaining() + " values, but its shape is " + input.shape());
        }
        for (int i = values.position(); i < values.limit(); i++) {
            if (!Float.isFinite(values.get(i))) {
                throw refused("inputs[0] has a value that is not finite: number " + (i - values.position()));
            }
        }
        return new ImageTensor(values, count);
    }

    private static int count(List<Long> actual, ImageShape shape) {
        boolean fits = actual.size() == DIMENSIONS
                && actual.get(0) >= 1
                && actual.get(0) <= Integer.MAX_VALUE / shape.size()
                && actual.subList(1, DIMENSIONS)
                        .equals(List.of((long) shape.channels(), (long) shape.height(), (long) shape.width()));
        if (!fits) {
            throw refused("inputs[0].shape is " + actual + ": it must be [N, " + shape.channels() + ", "
                    + shape.height() + ", " + shape.width() + "], N at least 1");
        }
        return Math.toIntExact(actual.get(0));
    }

    private static FloatBuffer values(InferRequest.Input input, ByteBuffer binary) {
        if (input.data().isPresent() == input.binarySize().isPresent()) {
            throw refused("inputs[0]: it must have either data or the parameter binary_data_size");
        }
        int size = input.binarySize().map(ImageTensor::size).orElse(0);
        if (size != binary.remaining()) {
            throw refused("inputs[0]: binary_data_size is " + size + ", but " + binary.remaining()
                    + " bytes follow the JSON. " + InferenceResource.JSON_LENGTH + " tells where it ends");
        }
        if (size % Float.BYTES != 0) {
            throw refused("inputs[0]: binary_data_size is " + size + ", which is no multiple of " + Float.BYTES);
        }
        return input.data()
                .orElseGet(() -> binary.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
    }

    private static int size(JsonNode size) {
        if (!size.canConvertToInt() || !size.isIntegralNumber() || size.intValue() < 0) {
            throw refused("inputs[0]: binary_data_size is " + size + ": it must be a number of bytes");
        }
        return size.intValue();
    }
}
