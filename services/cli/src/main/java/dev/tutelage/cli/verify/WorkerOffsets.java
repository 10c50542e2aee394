package dev.tutelage.cli.verify;

import dev.tutelage.platform.log.Place;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Which requests some consumer groups of workers are done with. */
final class WorkerOffsets implements AutoCloseable {
    private final Admin admin;
    private final List<String> groups;
    private Map<TopicPartition, OffsetAndMetadata> consumed = Map.of();

    WorkerOffsets(Map<String, Object> kafka, List<String> groups) {
        this.admin = Admin.create(kafka);
        this.groups = List.copyOf(groups);
    }

    /** Asks again. Whoever reads the facts after this finds those that ended each request that is done. */
    void refresh() throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (String group : groups) {
            offsets.putAll(offsets(group));
        }
        consumed = offsets;
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(String group) throws InterruptedException {
        try {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw new KafkaException(
                    "Cannot ask for the offsets of group " + group + ": "
                            + e.getCause().getMessage(),
                    e.getCause());
        }
    }

    /** Whether the workers are done with the request that lies there. */
    boolean isConsumed(Place request) {
        return Optional.ofNullable(consumed.get(new TopicPartition(request.topic(), request.partition())))
                .filter(next -> next.offset() > request.offset())
                .isPresent();
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
