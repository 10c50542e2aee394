package dev.tutelage.platform.log;

import dev.tutelage.event.Fact;
import dev.tutelage.event.MalformedEventException;
import dev.tutelage.platform.trace.TraceHeaders;
import io.opentelemetry.api.trace.SpanContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A fact and where on Kafka it is said.
 *
 * @param cause the span in which it came about; not valid where that was not traced
 */
public record PlacedFact(Fact fact, Place place, SpanContext cause) {

    /** A fact that was not traced. */
    public PlacedFact(Fact fact, Place place) {
        this(fact, place, SpanContext.getInvalid());
    }

    /**
     * The fact that a record says.
     *
     * @throws MalformedEventException if it says none
     */
    public static PlacedFact of(ConsumerRecord<String, byte[]> kafkaRecord) throws MalformedEventException {
        Place place = new Place(kafkaRecord.topic(), kafkaRecord.partition(), kafkaRecord.offset());
        return new PlacedFact(Facts.fact(kafkaRecord), place, TraceHeaders.take(kafkaRecord.headers()));
    }
}
