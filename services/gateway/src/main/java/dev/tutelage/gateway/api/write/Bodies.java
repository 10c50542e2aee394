package dev.tutelage.gateway.api.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.tutelage.gateway.api.Problems;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/** Reads the bodies of requests, and tells what is wrong with them where. */
public final class Bodies {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private Bodies() {}

    /** The bytes of a body; none where there is none. */
    static byte[] bytes(byte[] body) {
        return Optional.ofNullable(body).orElseGet(() -> new byte[0]);
    }

    /**
     * A body as text.
     *
     * @throws io.quarkiverse.resteasy.problem.HttpProblem with status 400 if it is no UTF-8
     */
    static String text(byte[] body) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(body))).toString();
        } catch (CharacterCodingException e) {
            throw Problems.badRequest("Bad body", "The body is no UTF-8 text");
        }
    }

    /**
     * A body as an object; one that is empty is an object without fields.
     *
     * @throws io.quarkiverse.resteasy.problem.HttpProblem with status 400 if it is none
     */
    public static <T> T read(byte[] body, Class<T> type) {
        String text = text(body);
        try {
            return Optional.ofNullable(JSON.readValue(text.isBlank() ? "{}" : text, type))
                    .orElseThrow(() -> Problems.badRequest("Bad body", "The body is null; it must be a JSON object"));
        } catch (UnrecognizedPropertyException e) {
            throw Problems.badRequest(
                    "Bad body",
                    at(e) + "there is no field '" + e.getPropertyName() + "'. There are: " + e.getKnownPropertyIds());
        } catch (JsonProcessingException e) {
            throw Problems.badRequest("Bad body", at(e) + "the body is no such JSON: " + problem(e));
        }
    }

    /** Without where an object begins that does not end, which is told in a way that is of no use to people. */
    private static String problem(JsonProcessingException e) {
        return e.getOriginalMessage().replaceAll(" \\(start marker at .*", "");
    }

    private static String at(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : "Line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ": ";
    }
}
