package dev.tutelage.gateway.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;

/**
 * That an object has been created, as S3 services tell it.
 *
 * @param key the object's name
 * @param etag of the bytes that it was created with
 */
record BucketEvent(String bucket, String key, String etag) {
    private static final String CREATED = "ObjectCreated:";
    // Said once, when notifications are set up, to see that the way is open.
    private static final String TEST = "s3:TestEvent";
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    /**
     * Reads a record as MinIO and AWS write it; what it tells of other things than creations is left alone.
     *
     * @throws MalformedEventException if it is none
     */
    static List<BucketEvent> read(byte[] json) throws MalformedEventException {
        JsonNode root = parse(json);
        if (root.path("Event").asText().equals(TEST)) {
            return List.of();
        }
        JsonNode records = root.path("Records");
        if (!records.isArray()) {
            throw new MalformedEventException("it has no array Records");
        }
        List<BucketEvent> events = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            JsonNode each = records.get(i);
            String name = text(each, "/eventName", i);
            // MinIO says s3:ObjectCreated:Put, AWS ObjectCreated:Put.
            if (name.startsWith(CREATED) || name.startsWith("s3:" + CREATED)) {
                events.add(new BucketEvent(
                        text(each, "/s3/bucket/name", i),
                        decoded(text(each, "/s3/object/key", i), i),
                        unquoted(text(each, "/s3/object/eTag", i))));
            }
        }
        return events;
    }

    private static JsonNode parse(byte[] json) throws MalformedEventException {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new MalformedEventException("it is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new MalformedEventException("it cannot be read: " + e.getMessage());
        }
    }

    private static String text(JsonNode event, String pointer, int index) throws MalformedEventException {
        JsonNode found = event.at(pointer);
        if (!found.isTextual() || found.asText().isEmpty()) {
            throw new MalformedEventException("Records[" + index + "] has no text " + pointer);
        }
        return found.asText();
    }

    /** Some services tell it as HTTP does, in quotes. */
    private static String unquoted(String etag) {
        return etag.length() > 2 && etag.startsWith("\"") && etag.endsWith("\"")
                ? etag.substring(1, etag.length() - 1)
                : etag;
    }

    /** Names are written as in the query of a URL. */
    private static String decoded(String key, int index) throws MalformedEventException {
        try {
            return URLDecoder.decode(key, UTF_8);
        } catch (IllegalArgumentException e) {
            throw new MalformedEventException(
                    "Records[" + index + "] /s3/object/key is not URL-encoded: " + e.getMessage());
        }
    }

    /** What the object is called, for people. */
    String address() {
        return "s3://" + bucket + "/" + key;
    }
}
