package dev.tutelage.gateway.predict.v2;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Reads numbers in row-major order, whether they are nested as the shape says or not at all; both are allowed. */
final class FloatsDeserializer extends JsonDeserializer<FloatBuffer> {
    private static final int FEW = 1024;

    @Override
    public FloatBuffer deserialize(JsonParser json, DeserializationContext context) throws IOException {
        float[] values = new float[FEW];
        int count = 0;
        int depth = 0;
        JsonToken token = json.currentToken();
        do {
            if (token == JsonToken.START_ARRAY) {
                depth++;
            } else if (token == JsonToken.END_ARRAY) {
                depth--;
            } else if (token != null && token.isNumeric()) {
                values = count < values.length ? values : Arrays.copyOf(values, 2 * count);
                values[count++] = json.getFloatValue();
            } else {
                context.reportInputMismatch(FloatBuffer.class, "data must be an array of numbers, nested or not");
            }
            token = depth > 0 ? json.nextToken() : token;
        } while (depth > 0);
        return FloatBuffer.wrap(values, 0, count);
    }
}
