package dev.tutelage.platform.service;

import dev.tutelage.platform.log.ConsumedRequest;
import dev.tutelage.platform.run.Lease;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Map<TopicPartition, Long> losses = new ConcurrentHashMap<>();

    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> losses.merge(partition, 1L, Long::sum));
    }

    PartitionLease lease(ConsumerRecord<?, ?> kafkaRecord, KafkaClientService kafka) {
        TopicPartition partition = new TopicPartition(kafkaRecord.topic(), kafkaRecord.partition());
        return new PartitionLease(partition, kafkaRecord.offset(), losses(partition), kafka);
    }

    private long losses(TopicPartition partition) {
        return losses.getOrDefault(partition, 0L);
    }

    /** A hold on the request at one offset. */
    final class PartitionLease implements Lease {
        private final TopicPartition partition;
        private final long offset;
        private final long lossesWhenTaken;
        private final KafkaClientService kafka;

        private PartitionLease(TopicPartition partition, long offset, long lossesWhenTaken, KafkaClientService kafka) {
            this.partition = partition;
            this.offset = offset;
            this.lossesWhenTaken = lossesWhenTaken;
            this.kafka = kafka;
        }

        @Override
        public boolean isHeld() {
            return losses(partition) == lossesWhenTaken;
        }

        /**
         * Asked on the polling thread, where rebalances happen: if the lease is held there, the metadata is of a generation
         * in which the partition is ours. Should the group move on before the transaction ends, the broker refuses it.
         */
        @Override
        public Optional<ConsumedRequest> request() {
            Optional<ConsumerGroupMetadata> metadata = kafka.getConsumer("requests")
                    .runOnPollingThread(consumer -> {
                        return isHeld()
                                ? Optional.of(consumer.groupMetadata())
                                : Optional.<ConsumerGroupMetadata>empty();
                    })
                    .await()
                    .atMost(PATIENCE);
            return metadata.map(group -> new ConsumedRequest(partition, offset, group));
        }
    }
}
