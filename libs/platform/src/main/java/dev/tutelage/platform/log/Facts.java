package dev.tutelage.platform.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.tutelage.event.EventRecord;
import dev.tutelage.event.Fact;
import dev.tutelage.event.FactCodec;
import dev.tutelage.event.MalformedEventException;
import dev.tutelage.platform.trace.TraceHeaders;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** Facts as records of the Kafka client. */
public final class Facts {

    private Facts() {}

    /** The record that says a fact, which comes about now. */
    public static ProducerRecord<String, byte[]> record(Fact fact) {
        return record(fact, Span.current().getSpanContext());
    }

    /**
     * The record that says a fact.
     *
     * @param cause the span in which it came about
     */
    static ProducerRecord<String, byte[]> record(Fact fact, SpanContext cause) {
        EventRecord event = FactCodec.encode(fact);
        ProducerRecord<String, byte[]> kafkaRecord =
                new ProducerRecord<>(event.topic(), event.key(), event.value().toByteArray());
        event.headers().forEach((name, value) -> kafkaRecord.headers().add(name, value.getBytes(UTF_8)));
        TraceHeaders.put(cause, kafkaRecord.headers());
        return kafkaRecord;
    }

    /**
     * The fact that a record says.
     *
     * @throws MalformedEventException if it says none
     */
    public static Fact fact(ConsumerRecord<String, byte[]> kafkaRecord) throws MalformedEventException {
        Map<String, String> headers = new HashMap<>();
        for (Header header : kafkaRecord.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), UTF_8));
            }
        }
        return FactCodec.decode(kafkaRecord.topic(), headers, kafkaRecord.value());
    }

    /** All headers of a record as they came, for a dead letter. */
    static Map<String, ByteString> rawHeaders(ConsumerRecord<String, byte[]> kafkaRecord) {
        Map<String, ByteString> headers = new HashMap<>();
        for (Header header : kafkaRecord.headers()) {
            headers.put(header.key(), header.value() == null ? ByteString.EMPTY : ByteString.copyFrom(header.value()));
        }
        return headers;
    }
}
