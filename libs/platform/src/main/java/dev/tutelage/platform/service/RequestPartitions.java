package dev.tutelage.platform.service;

import dev.tutelage.platform.log.ConsumedRequest;
import dev.tutelage.platform.run.Lease;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Which request partitions this worker holds, and since when.
 *
 * <p>A partition that is taken away and comes back is a new holding: the requests in it may have been taken by another
 * worker meanwhile, so leases from before are void.
 *
 * <p>What counts is the holding in which a record was polled, not when it is handed over: between the two the partition may be
 * gone, and a consumer that has been shut out of its group, and let in again, would end a request that another worker has ended
 * before. The broker would not refuse it: it asks whether the consumer is in the group, not whether the partition is its own.
 */
@ApplicationScoped
@Identifier("requests")
public class RequestPartitions implements KafkaConsumerRebalanceListener {
    /** Number of the present holding of each partition that is held. */
    private final Map<TopicPartition, Long> holdings = new HashMap<>();

    private long newest;

    /** Of records that were not handed over yet, the holding in which they were polled. Records are equal to themselves alone. */
    private final Map<ConsumerRecord<?, ?>, Long> polled = new WeakHashMap<>();
    /** By topic: a consumer's standing in its group is the same for all partitions of the topics that it reads. */
    private final Map<String, ConsumerGroupMetadata> standings = new HashMap<>();

    /** Kafka calls this after every rebalance, also when nothing was added. */
    @Override
    public synchronized void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        ConsumerGroupMetadata standing = consumer.groupMetadata();
        consumer.subscription().forEach(topic -> standings.put(topic, standing));
        partitions.forEach(partition -> holdings.put(partition, ++newest));
    }

    @Override
    public synchronized void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        partitions.forEach(holdings::remove);
    }

    /** Takes note of records as they are polled, after the rebalances that the poll has brought. */
    synchronized void note(ConsumerRecords<?, ?> records) {
        records.forEach(each -> holding(partitionOf(each)).ifPresent(holding -> polled.put(each, holding)));
    }

    /** Of a record that is handed over. A lease that is void already is of a record that is another worker's by now. */
    synchronized Lease lease(ConsumerRecord<?, ?> kafkaRecord) {
        return new PartitionLease(
                partitionOf(kafkaRecord), kafkaRecord.offset(), Optional.ofNullable(polled.remove(kafkaRecord)));
    }

    private static TopicPartition partitionOf(ConsumerRecord<?, ?> kafkaRecord) {
        return new TopicPartition(kafkaRecord.topic(), kafkaRecord.partition());
    }

    private Optional<Long> holding(TopicPartition partition) {
        return Optional.ofNullable(holdings.get(partition));
    }

    /** A hold on the request at one offset. */
    private final class PartitionLease implements Lease {
        private final TopicPartition partition;
        private final long offset;
        private final Optional<Long> holdingWhenPolled;

        private PartitionLease(TopicPartition partition, long offset, Optional<Long> holdingWhenPolled) {
            this.partition = partition;
            this.offset = offset;
            this.holdingWhenPolled = holdingWhenPolled;
        }

        @Override
        public TopicPartition partition() {
            return partition;
        }

        @Override
        public long offset() {
            return offset;
        }

        @Override
        public boolean isHeld() {
            synchronized (RequestPartitions.this) {
                return holdingWhenPolled.isPresent() && holding(partition).equals(holdingWhenPolled);
            }
        }

        /**
         * Asked under the lock under which rebalances are noted: if the lease is held, the standing is of a generation in
         * which the partition is ours. Should the group move on before the transaction ends, the broker refuses it.
         */
        @Override
        public Optional<ConsumedRequest> request() {
            synchronized (RequestPartitions.this) {
                return isHeld()
                        ? Optional.of(new ConsumedRequest(partition, offset, standings.get(partition.topic())))
                        : Optional.empty();
            }
        }
    }
}
