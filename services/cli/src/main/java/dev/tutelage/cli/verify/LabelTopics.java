package dev.tutelage.cli.verify;

import dev.tutelage.event.Topic;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.Place;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Reads what the topics say about soft labels, and which requests the labelers are done with. */
final class LabelTopics implements AutoCloseable {
    /** Where labeling is requested. */
    static final Set<Topic> REQUESTS = EnumSet.of(Topic.LABEL_REQUESTS, Topic.RELABEL_REQUESTS);

    private static final Set<Topic> TOPICS = EnumSet.of(
            Topic.TASKS,
            Topic.SHARDS,
            Topic.LABEL_REQUESTS,
            Topic.RELABEL_REQUESTS,
            Topic.RUNS,
            Topic.CHECKPOINTS,
            Topic.SOFT_LABELS,
            Topic.PROMOTIONS,
            Topic.DEAD_LETTERS,
            Topic.EXPIRATIONS);
    /** The consumer groups of the labelers: the service's name, and that of its backlog. */
    private static final List<String> LABELERS = List.of("labeler", "labeler-backlog");

    private final FactReader reader;
    private final Admin admin;
    private final Map<String, TaskFacts> tasks = new LinkedHashMap<>();
    private Map<TopicPartition, OffsetAndMetadata> consumed = Map.of();

    LabelTopics(Map<String, Object> kafka) {
        this.reader = new FactReader(kafka, TOPICS);
        this.admin = Admin.create(kafka);
    }

    /**
     * Reads on to what is committed now. The offsets come first: of a request that they say is done, the facts that
     * ended it are committed already, so those are read.
     */
    void readOn() throws InterruptedException {
        consumed = offsets();
        reader.readToEnd(placed -> TaskFacts.taskOf(placed.fact().payload())
                .ifPresent(task -> tasks.computeIfAbsent(task, none -> new TaskFacts())
                        .add(placed.fact().payload(), placed.fact().time(), placed.place())));
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets() throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (String group : LABELERS) {
            offsets.putAll(offsets(group));
        }
        return offsets;
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
                    "Cannot ask for the offsets of the labelers: "
                            + e.getCause().getMessage(),
                    e.getCause());
        }
    }

    /** What is known of each task. */
    Map<String, TaskFacts> tasks() {
        return tasks;
    }

    /** Whether the labelers are done with the request that lies there. */
    boolean isConsumed(Place request) {
        return Optional.ofNullable(consumed.get(new TopicPartition(request.topic(), request.partition())))
                .filter(next -> next.offset() > request.offset())
                .isPresent();
    }

    @Override
    public void close() {
        reader.close();
        admin.close(Duration.ZERO);
    }
}
