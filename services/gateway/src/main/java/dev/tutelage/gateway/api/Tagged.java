package dev.tutelage.gateway.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tutelage.platform.artifact.Digest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Request;
import java.io.UncheckedIOException;
import org.jboss.resteasy.reactive.RestResponse;

/** Answers with single things, under strong entity tags: hashes of the bytes that are answered. */
@Singleton
public class Tagged {
    private static final int DIGITS = 32;

    private final ObjectMapper json;

    public Tagged(ObjectMapper json) {
        this.json = json;
    }

    /** The thing, or 304 if the client has it as it is. */
    public <T> RestResponse<T> answer(Request request, T thing) {
        EntityTag tag = new EntityTag(Digest.of(bytes(thing)).hex().substring(0, DIGITS));
        return request.evaluatePreconditions(tag) == null
                ? RestResponse.ResponseBuilder.ok(thing).tag(tag).build()
                : RestResponse.ResponseBuilder.<T>notModified(tag).build();
    }

    private byte[] bytes(Object thing) {
        try {
            return json.writeValueAsBytes(thing);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
