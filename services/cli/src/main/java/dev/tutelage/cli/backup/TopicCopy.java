package dev.tutelage.cli.backup;

import dev.tutelage.event.v1.BackedUpRecord;
import dev.tutelage.platform.log.TopicIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Copies what is committed up to a cut into files, one for each partition. */
final class TopicCopy {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<String, Object> kafka;
    private final Cut cut;
    private final Path directory;
    private final Needed needed;
    private final List<BackupManifest.Partition> partitions = new ArrayList<>();
    private final List<BackupManifest.Group> groups = new ArrayList<>();

    /** @param needed is told of each record */
    TopicCopy(Map<String, Object> kafka, Cut cut, Path directory, Needed needed) {
        this.kafka = kafka;
        this.cut = cut;
        this.directory = directory;
        this.needed = needed;
    }

    void run() throws IOException {
        TopicIds ids = new TopicIds(kafka);
        List<TopicPartition> inOrder = cut.ends().keySet().stream()
                .sorted(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition))
                .toList();
        try (Consumer<byte[], byte[]> consumer = reader(kafka)) {
            for (TopicPartition partition : inOrder) {
                copy(partition, ids.of(partition.topic()), consumer);
            }
        }
    }

    /** A consumer of no group that sees what is committed. */
    static Consumer<byte[], byte[]> reader(Map<String, Object> kafka) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private void copy(TopicPartition partition, String topicId, Consumer<byte[], byte[]> consumer) throws IOException {
        Map<String, Long> next = new HashMap<>();
        cut.offsets().forEach((group, offsets) -> {
            if (offsets.containsKey(partition)) {
                next.put(group, offsets.get(partition));
            }
        });
        Map<String, Long> done = new HashMap<>();
        next.keySet().forEach(group -> done.put(group, 0L));
        Path file = directory.resolve(partition + ".records");
        RecordFile.Writer writer = new RecordFile.Writer(file);
        try (writer) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = cut.ends().get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> kafkaRecord : consumer.poll(POLL)) {
                    if (kafkaRecord.offset() < end) {
                        BackedUpRecord kept = RecordFile.of(kafkaRecord);
                        writer.write(kept);
                        needed.note(partition.topic(), kept);
                        next.forEach((group, offset) ->
                                done.merge(group, kafkaRecord.offset() < offset ? 1L : 0L, Long::sum));
                    }
                }
            }
        }
        partitions.add(new BackupManifest.Partition(
                partition.topic(),
                topicId,
                partition.partition(),
                file.getFileName().toString(),
                writer.records(),
                Files.size(file),
                writer.digest().hex()));
        done.forEach((group, number) ->
                groups.add(new BackupManifest.Group(group, partition.topic(), partition.partition(), number)));
    }

    List<BackupManifest.Partition> partitions() {
        return partitions;
    }

    List<BackupManifest.Group> groups() {
        return groups;
    }
}
