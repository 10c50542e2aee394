package dev.tutelage.platform.service;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Tells {@link RequestPartitions} of records in the poll that brings them. Kafka makes it, from the consumer's settings. */
public final class PollWatch implements ConsumerInterceptor<String, byte[]> {
    /** The setting that holds the {@link RequestPartitions}. */
    static final String PARTITIONS = "tutelage.request-partitions";

    private Optional<RequestPartitions> partitions = Optional.empty();

    @Override
    public void configure(Map<String, ?> settings) {
        partitions = Optional.of((RequestPartitions) settings.get(PARTITIONS));
    }

    @Override
    public ConsumerRecords<String, byte[]> onConsume(ConsumerRecords<String, byte[]> records) {
        partitions.orElseThrow().note(records);
        return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        // Offsets are committed by transactions.
    }

    @Override
    public void close() {
        // Holds nothing of its own.
    }
}
