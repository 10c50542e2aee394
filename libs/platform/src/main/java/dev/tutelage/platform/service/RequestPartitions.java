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
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Which request partitions this worker holds, and since when.
 *
 * <p>A partition that is taken away and comes back is a new holding: the requests in it may have been taken by another
 * worker meanwhile, so leases from before are void.
 */
@ApplicationScoped
@Identifier("requests")
public class RequestPartitions implements KafkaConsumerRebalanceListener {
    private final Map<TopicPartition, Long> losses = new HashMap<>();
    /** By topic: a consumer's standing in its group is the same for all partitions of the topics that it reads. */
    private final Map<String, ConsumerGroupMetadata> standings = new HashMap<>();

    /** Kafka calls this after every rebalance, also when nothing was added. */
    @Override
    public synchronized void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        ConsumerGroupMetadata standing = consumer.groupMetadata();
        consumer.subscription().forEach(topic -> standings.put(topic, standing));
    }

    @Override
    public synchronized void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> losses.merge(partition, 1L, Long::sum));
    }

    synchronized Lease lease(ConsumerRecord<?, ?> kafkaRecord) {
        TopicPartition partition = new TopicPartition(kafkaRecord.topic(), kafkaRecord.partition());
        return new PartitionLease(partition, kafkaRecord.offset(), losses(partition));
    }

    private long losses(TopicPartition partition) {
        return losses.getOrDefault(partition, 0L);
    }

    /** A hold on the request at one offset. */
    private final class PartitionLease implements Lease {
        private final TopicPartition partition;
        private final long offset;
        private final long lossesWhenTaken;

        private PartitionLease(TopicPartition partition, long offset, long lossesWhenTaken) {
            this.partition = partition;
            this.offset = offset;
            this.lossesWhenTaken = lossesWhenTaken;
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
                return losses(partition) == lossesWhenTaken;
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
