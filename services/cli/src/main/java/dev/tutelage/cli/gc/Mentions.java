package dev.tutelage.cli.gc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.tutelage.event.FactCodec;
import dev.tutelage.event.MalformedEventException;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.platform.artifact.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Which digests something names. Whatever text looks like a digest is taken for one, wherever it is: a field that a later
 * version adds keeps its bytes, too, and to keep too much does no harm.
 */
public final class Mentions {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final JsonFactory JSON = new JsonFactory();

    private Mentions() {}

    /** Tells the digests that a fact names, more than once if it does so; of a dead letter, also those in its record. */
    public static void in(Message fact, Consumer<Digest> taker) {
        fact.getAllFields().values().forEach(value -> inValue(value, taker));
        if (fact instanceof DeadLettered letter) {
            inRecord(letter, taker);
        }
    }

    private static void inValue(Object value, Consumer<Digest> taker) {
        if (value instanceof List<?> list) {
            list.forEach(each -> inValue(each, taker));
        } else if (value instanceof Message message) {
            in(message, taker);
        } else if (value instanceof String text) {
            inText(text, taker);
        }
    }

    private static void inText(String text, Consumer<Digest> taker) {
        if (DIGEST.matcher(text).matches()) {
            taker.accept(new Digest(text));
        }
    }

    /** A replay needs what the record names. */
    private static void inRecord(DeadLettered letter, Consumer<Digest> taker) {
        Map<String, String> headers = new HashMap<>();
        for (Map.Entry<String, ByteString> header : letter.getHeadersMap().entrySet()) {
            headers.put(header.getKey(), header.getValue().toStringUtf8());
        }
        try {
            in(
                    FactCodec.decode(
                                    letter.getSourceTopic(),
                                    headers,
                                    letter.getValue().toByteArray())
                            .payload(),
                    taker);
        } catch (MalformedEventException e) {
            // That is why it is a dead letter; it names nothing that anyone could read.
            return;
        }
    }

    /**
     * Tells the digests that are values in some JSON, such as a manifest's.
     *
     * @throws IOException if it cannot be read, or is none
     */
    public static void in(InputStream json, Consumer<Digest> taker) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    inText(parser.getText(), taker);
                }
            }
        }
    }
}
