package dev.tutelage.gateway.predict.v2;

import static jakarta.ws.rs.core.Response.Status.BAD_REQUEST;
import static jakarta.ws.rs.core.Response.Status.REQUEST_ENTITY_TOO_LARGE;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tutelage.gateway.predict.PredictionRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The body of a request: JSON, and behind it the bytes of the tensors that have none in it.
 *
 * @param binary little-endian
 */
record InferBody(InferRequest request, ByteBuffer binary) {

    /**
     * Reads a body.
     *
     * @param jsonLength bytes of JSON, as the header says; all if there is no header
     * @param largest bytes
     * @throws PredictionRefusedException if it is too large or no such request
     */
    static InferBody read(InputStream in, Optional<String> jsonLength, int largest, ObjectMapper json)
            throws IOException {
        byte[] bytes = in.readNBytes(largest + 1);
        if (bytes.length > largest) {
            throw new PredictionRefusedException(
                    REQUEST_ENTITY_TOO_LARGE,
                    "The request is too large",
                    "the request has more than " + largest + " bytes: send fewer images at once, or raise"
                            + " tutelage.gateway.predict.largest-request");
        }
        int length = jsonLength.map(text -> length(text, bytes.length)).orElse(bytes.length);
        ByteBuffer binary =
                ByteBuffer.wrap(bytes, length, bytes.length - length).slice().order(ByteOrder.LITTLE_ENDIAN);
        return new InferBody(request(bytes, length, json), binary);
    }

    private static InferRequest request(byte[] bytes, int length, ObjectMapper json) throws IOException {
        try {
            return Optional.ofNullable(json.readValue(bytes, 0, length, InferRequest.class))
                    .orElseThrow(() -> refused("the request is null"));
        } catch (JacksonException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw refused(
                    "the request is not the JSON of an inference request" + where + ": " + e.getOriginalMessage());
        }
    }

    private static int length(String text, int all) {
        try {
            int length = Integer.parseInt(text.strip());
            if (length >= 0 && length <= all) {
                return length;
            }
        } catch (NumberFormatException e) {
            throw refused(InferenceResource.JSON_LENGTH + " is '" + text + "', which is no number", e);
        }
        throw refused(InferenceResource.JSON_LENGTH + " is " + text + ", but the body has " + all + " bytes");
    }

    static PredictionRefusedException refused(String detail) {
        return new PredictionRefusedException(BAD_REQUEST, "Not a request of the protocol", detail);
    }

    private static PredictionRefusedException refused(String detail, Exception cause) {
        PredictionRefusedException refused = refused(detail);
        refused.initCause(cause);
        return refused;
    }
}
