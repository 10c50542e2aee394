package dev.tutelage.cli.backup;

import dev.tutelage.event.Topic;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * A moment at which the facts and the offsets of the workers belong together: of each request that is done, the facts that
 * ended it are there, and of no other. Facts and offsets are committed together but cannot be read together; read one after
 * the other while runs end, some facts would be there whose request is not done, and they would be said once more after a
 * restore.
 *
 * <p>So it is a moment at which nothing happened: offsets, ends of what is written, ends of what is committed, and both
 * former ones again. If nothing was open and nothing has changed, all of it was so when the second was read. Progress, which
 * goes on all the time and is never needed, has no part in it. A moment takes milliseconds, and between two facts there are
 * many.
 *
 * @param ends offset after the last committed record, by partition
 * @param offsets next offset of each group, by partition
 */
record Cut(Map<TopicPartition, Long> ends, Map<String, Map<TopicPartition, Long>> offsets) {
    private static final long PAUSE_MILLIS = 20;

    Cut {
        ends = Map.copyOf(ends);
        offsets = Map.copyOf(offsets);
    }

    /**
     * Waits for such a moment.
     *
     * @throws BackupException if there is none for so long
     */
    static Cut find(Admin admin, Duration patience) throws BackupException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            Set<TopicPartition> partitions = partitions(admin);
            while (System.nanoTime() < deadline) {
                Map<String, Map<TopicPartition, Long>> offsets = offsets(admin);
                Map<TopicPartition, Long> written = ends(admin, partitions, IsolationLevel.READ_UNCOMMITTED);
                Map<TopicPartition, Long> committed = ends(admin, partitions, IsolationLevel.READ_COMMITTED);
                if (quiet(written).equals(quiet(committed))
                        && offsets(admin).equals(offsets)
                        && quiet(ends(admin, partitions, IsolationLevel.READ_UNCOMMITTED))
                                .equals(quiet(written))) {
                    return new Cut(committed, offsets);
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (ExecutionException e) {
            throw new KafkaException(
                    "Kafka does not tell its offsets: " + e.getCause().getMessage(), e.getCause());
        }
        throw new BackupException(
                "For " + patience.toSeconds() + " s there was no moment at which no fact was being said."
                        + " Try again when fewer runs end, or stop the workers meanwhile");
    }

    private static Map<TopicPartition, Long> quiet(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .filter(end -> !end.getKey().topic().equals(Topic.RUN_PROGRESS.topicName()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** All partitions of our topics. */
    static Set<TopicPartition> partitions(Admin admin) throws ExecutionException, InterruptedException {
        Set<String> there = admin.listTopics().names().get();
        List<String> ours = Arrays.stream(Topic.values())
                .map(Topic::topicName)
                .filter(there::contains)
                .toList();
        return admin.describeTopics(ours).allTopicNames().get().values().stream()
                .flatMap(topic -> IntStream.range(0, topic.partitions().size())
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                .collect(Collectors.toSet());
    }

    /** The offset after the last record of each partition. */
    static Map<TopicPartition, Long> ends(Admin admin, Set<TopicPartition> partitions, IsolationLevel level)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        return admin.listOffsets(latest, new ListOffsetsOptions(level)).all().get().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, (Map.Entry<TopicPartition, ListOffsetsResultInfo> end) -> end.getValue()
                                .offset()));
    }

    /** Waits for transactions that are about to commit offsets. */
    private static Map<String, Map<TopicPartition, Long>> offsets(Admin admin)
            throws ExecutionException, InterruptedException {
        Map<String, ListConsumerGroupOffsetsSpec> groups = new HashMap<>();
        for (GroupListing group :
                admin.listGroups(ListGroupsOptions.forConsumerGroups()).all().get()) {
            groups.put(group.groupId(), new ListConsumerGroupOffsetsSpec());
        }
        Map<String, Map<TopicPartition, Long>> offsets = new HashMap<>();
        if (groups.isEmpty()) {
            return offsets;
        }
        admin.listConsumerGroupOffsets(groups, new ListConsumerGroupOffsetsOptions().requireStable(true))
                .all()
                .get()
                .forEach((group, next) -> {
                    Map<TopicPartition, Long> known = new HashMap<>();
                    next.forEach((partition, offset) -> {
                        if (offset != null && Topic.named(partition.topic()).isPresent()) {
                            known.put(partition, offset.offset());
                        }
                    });
                    if (!known.isEmpty()) {
                        offsets.put(group, known);
                    }
                });
        return offsets;
    }
}
