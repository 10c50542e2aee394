package dev.tutelage.platform.log;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * A request that a worker has taken from Kafka, and the worker's standing in its consumer group.
 *
 * @param partition where the request lies
 * @param offset where the request lies
 * @param consumer the worker's member id and the generation of its group
 */
public record ConsumedRequest(TopicPartition partition, long offset, ConsumerGroupMetadata consumer) {}
