package dev.tutelage.platform.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.platform.run.Lease;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestPartitionsTest {
    private static final TopicPartition PARTITION = new TopicPartition("requests", 1);

    private final RequestPartitions partitions = new RequestPartitions();
    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");

    @BeforeEach
    void subscribe() {
        consumer.subscribe(List.of(PARTITION.topic()));
    }

    @Test
    void aLeaseLastsUntilThePartitionIsTakenAway() {
        assign();
        Lease lease = partitions.lease(polled(3));
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.request()).hasValueSatisfying(request -> {
            assertThat(request.partition()).isEqualTo(PARTITION);
            assertThat(request.offset()).isEqualTo(3);
        });
        revoke();
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.request()).isEmpty();
        assign();
        assertThat(lease.isHeld()).as("another holding").isFalse();
    }

    /** A consumer that was shut out of its group finds that out in the poll after the one that brought the record. */
    @Test
    void aRecordThatIsHandedOverAfterItsPartitionIsGoneIsNotHeld() {
        assign();
        ConsumerRecord<String, byte[]> late = polled(0);
        revoke();
        assertThat(partitions.lease(late).isHeld()).isFalse();
    }

    @Test
    void norIsItWhenThePartitionIsBack() {
        assign();
        ConsumerRecord<String, byte[]> late = polled(0);
        revoke();
        assign();
        Lease lease = partitions.lease(late);
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.request()).isEmpty();
        assertThat(partitions.lease(polled(2)).isHeld())
                .as("what is polled in the new holding")
                .isTrue();
    }

    @Test
    void othersPartitionsAreNotHeld() {
        consumer.rebalance(List.of());
        assertThat(partitions.lease(polled(0)).isHeld()).isFalse();
    }

    private void assign() {
        partitions.onPartitionsAssigned(consumer, List.of(PARTITION));
    }

    private void revoke() {
        partitions.onPartitionsRevoked(consumer, List.of(PARTITION));
    }

    private ConsumerRecord<String, byte[]> polled(long offset) {
        ConsumerRecord<String, byte[]> kafkaRecord =
                new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), offset, "run", new byte[0]);
        partitions.note(new ConsumerRecords<>(Map.of(PARTITION, List.of(kafkaRecord)), Map.of()));
        return kafkaRecord;
    }
}
