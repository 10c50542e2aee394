package dev.tutelage.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Facts to Kafka records and back: protobuf payloads, CloudEvents 1.0 attributes in {@code ce_} headers.
 *
 * <p>A fact's {@code ce_id} is a hash of its type and payload: saying the same fact again is the same event, which is
 * what lets a reader drop repetitions.
 */
public final class FactCodec {
    /** Value of the {@code content-type} header. */
    public static final String CONTENT_TYPE = "application/protobuf";

    private static final String SPEC_VERSION = "1.0";

    private FactCodec() {}

    /** The record of a fact. The same fact always has the same bytes. */
    public static EventRecord encode(Fact fact) {
        byte[] value = deterministicBytes(fact.payload());
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ce_specversion", SPEC_VERSION);
        headers.put("ce_id", idOf(fact.type(), value));
        headers.put("ce_type", fact.type().cloudEventType());
        headers.put("ce_source", fact.source());
        headers.put("ce_subject", fact.key());
        headers.put("ce_time", fact.time().toString());
        headers.put("content-type", CONTENT_TYPE);
        return new EventRecord(fact.topic().topicName(), fact.key(), headers, ByteString.copyFrom(value));
    }

    /**
     * The fact in a record. Fields that this version does not know are kept in the payload.
     *
     * @param topic name of the topic that it was read from
     * @param headers record headers; headers other than CloudEvents' own are ignored
     * @param value record value
     * @throws MalformedEventException if a header is missing or wrong, the type is unknown, the payload cannot be
     *     parsed, or the fact does not belong on that topic
     */
    public static Fact decode(String topic, Map<String, String> headers, byte[] value) throws MalformedEventException {
        String specVersion = header(headers, "ce_specversion");
        if (!specVersion.equals(SPEC_VERSION)) {
            throw new MalformedEventException(
                    "Header ce_specversion is '" + specVersion + "', but only " + SPEC_VERSION + " is understood");
        }
        String cloudEventType = header(headers, "ce_type");
        FactType type = FactType.ofCloudEventType(cloudEventType)
                .orElseThrow(() -> new MalformedEventException("Header ce_type is '" + cloudEventType
                        + "', which this version does not know; update this service, then replay the record"));
        Message payload = parse(type, value);
        Fact fact = new Fact(payload, header(headers, "ce_source"), time(header(headers, "ce_time")));
        requireTopic(fact, topic);
        return fact;
    }

    /** The {@code ce_id} that a fact has. */
    public static String idOf(Fact fact) {
        return idOf(fact.type(), deterministicBytes(fact.payload()));
    }

    private static Message parse(FactType type, byte[] value) throws MalformedEventException {
        if (value == null) {
            throw new MalformedEventException("The record has no value where a " + type.cloudEventType()
                    + " was expected; Tutelage writes no tombstones");
        }
        try {
            return type.parse(value);
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedEventException(
                    "The value (" + value.length + " bytes) is no " + type.cloudEventType() + ": " + e.getMessage(), e);
        }
    }

    private static void requireTopic(Fact fact, String topic) throws MalformedEventException {
        String expected;
        try {
            expected = fact.topic().topicName();
        } catch (IllegalArgumentException e) {
            throw new MalformedEventException(e.getMessage(), e);
        }
        if (!expected.equals(topic)) {
            throw new MalformedEventException(
                    "A " + fact.type().cloudEventType() + " belongs on topic " + expected + ", not on " + topic);
        }
    }

    private static String header(Map<String, String> headers, String name) throws MalformedEventException {
        return Optional.ofNullable(headers.get(name))
                .orElseThrow(() -> new MalformedEventException(
                        "Header " + name + " is missing; the record is no CloudEvent in binary mode"));
    }

    private static Instant time(String text) throws MalformedEventException {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new MalformedEventException(
                    "Header ce_time is '" + text + "', which is no RFC 3339 time in UTC such as 2026-01-31T12:00:00Z",
                    e);
        }
    }

    private static String idOf(FactType type, byte[] value) {
        byte[] prefix = (type.cloudEventType() + "\n").getBytes(UTF_8);
        byte[] name = new byte[prefix.length + value.length];
        System.arraycopy(prefix, 0, name, 0, prefix.length);
        System.arraycopy(value, 0, name, prefix.length, value.length);
        return UUID.nameUUIDFromBytes(name).toString();
    }

    private static byte[] deterministicBytes(Message payload) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.getSerializedSize());
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        // Map fields have no order of their own; without this the same fact could have two ids.
        output.useDeterministicSerialization();
        try {
            payload.writeTo(output);
            output.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
