package dev.tutelage.cli.backup;

import dev.tutelage.event.v1.BackedUpRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes a backup's records into empty topics: in their order, with their timestamps and headers. Markers of transactions are
 * not written, so the first record gets offset 0 and each the next one; a group is done with as many as it was.
 */
final class TopicRestore {
    private static final int LARGEST_REQUEST = 4 << 20;
    /** Records that are on their way at a time. */
    private static final int AT_ONCE = 1_000;

    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<String, Object> kafka;
    private final BackupCheck backup;

    TopicRestore(Map<String, Object> kafka, BackupCheck backup) {
        this.kafka = kafka;
        this.backup = backup;
    }

    /**
     * Looks whether the records can be written here.
     *
     * @throws BackupException if there are some already, or there is no place for one of the backup's partitions
     */
    void requireEmpty() throws BackupException, InterruptedException {
        try (Admin admin = Admin.create(kafka)) {
            Set<TopicPartition> here = Cut.partitions(admin);
            Map<TopicPartition, Long> ends = Cut.ends(admin, here, IsolationLevel.READ_UNCOMMITTED);
            for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
                if (end.getValue() > 0) {
                    throw new BackupException("There is something here already: topic "
                            + end.getKey().topic() + " has " + end.getValue()
                            + " records. A backup is restored into an empty system alone; name a state directory that"
                            + " does not exist yet with --state");
                }
            }
            List<TopicPartition> foreign = backup.manifest().partitions().stream()
                    .map(TopicRestore::partitionOf)
                    .filter(partition -> !here.contains(partition))
                    .toList();
            if (!foreign.isEmpty()) {
                throw new BackupException("The backup has " + foreign
                        + ", which this version does not know. Use the version of tutelage that wrote it");
            }
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause().getMessage(), e.getCause());
        }
    }

    private static TopicPartition partitionOf(BackupManifest.Partition partition) {
        return new TopicPartition(partition.topic(), partition.partition());
    }

    private Path fileOf(BackupManifest.Partition partition) {
        return backup.folder().resolve(partition.file());
    }

    void write() throws IOException, BackupException, InterruptedException {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (BackupManifest.Partition partition : backup.manifest().partitions()) {
                write(partition, producer);
            }
        }
    }

    private void write(BackupManifest.Partition partition, Producer<byte[], byte[]> producer)
            throws IOException, BackupException, InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        long written = 0;
        try (RecordFile.Reader reader = new RecordFile.Reader(fileOf(partition))) {
            for (Optional<BackedUpRecord> kept = reader.next(); kept.isPresent(); kept = reader.next()) {
                sent.add(producer.send(RecordFile.toSend(partitionOf(partition), kept.get())));
                if (sent.size() == AT_ONCE) {
                    written = await(partitionOf(partition), sent, written);
                }
            }
        }
        await(partitionOf(partition), sent, written);
    }

    /** Waits until what was sent is written, each at the offset that is its number. */
    private static long await(TopicPartition partition, List<Future<RecordMetadata>> sent, long first)
            throws BackupException, InterruptedException {
        long next = first;
        try {
            for (Future<RecordMetadata> each : sent) {
                if (each.get().offset() != next) {
                    throw different(partition, next);
                }
                next++;
            }
        } catch (ExecutionException e) {
            throw new BackupException(
                    partition + "@" + next + " could not be written: "
                            + e.getCause().getMessage(),
                    e);
        }
        sent.clear();
        return next;
    }

    /** Says which requests are done. Last of all: workers must not find requests before the rest is there. */
    void commitOffsets() throws InterruptedException {
        Map<String, Map<TopicPartition, OffsetAndMetadata>> groups = backup.manifest().groups().stream()
                .collect(Collectors.groupingBy(
                        BackupManifest.Group::group,
                        Collectors.toMap(
                                group -> new TopicPartition(group.topic(), group.partition()),
                                group -> new OffsetAndMetadata(group.done()))));
        try (Admin admin = Admin.create(kafka)) {
            for (Map.Entry<String, Map<TopicPartition, OffsetAndMetadata>> group : groups.entrySet()) {
                admin.alterConsumerGroupOffsets(group.getKey(), group.getValue())
                        .all()
                        .get();
            }
        } catch (ExecutionException e) {
            throw new KafkaException(
                    "The offsets of the workers cannot be set: " + e.getCause().getMessage(), e.getCause());
        }
    }

    /** Reads everything back. */
    void verify() throws IOException, BackupException {
        try (Consumer<byte[], byte[]> consumer = TopicCopy.reader(kafka)) {
            for (BackupManifest.Partition partition : backup.manifest().partitions()) {
                verify(partition, consumer);
            }
        }
    }

    private void verify(BackupManifest.Partition partition, Consumer<byte[], byte[]> consumer)
            throws IOException, BackupException {
        TopicPartition place = partitionOf(partition);
        consumer.assign(List.of(place));
        consumer.seekToBeginning(List.of(place));
        try (RecordFile.Reader reader = new RecordFile.Reader(fileOf(partition))) {
            long end = consumer.endOffsets(List.of(place)).get(place);
            while (consumer.position(place) < end) {
                for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                    Optional<BackedUpRecord> kept = reader.next();
                    BackedUpRecord found = RecordFile.of(read).toBuilder()
                            .setOffset(kept.map(BackedUpRecord::getOffset).orElse(-1L))
                            .build();
                    if (!kept.equals(Optional.of(found))) {
                        throw different(place, read.offset());
                    }
                }
            }
            if (reader.next().isPresent()) {
                throw different(place, end);
            }
        }
    }

    private static BackupException different(TopicPartition place, long offset) {
        return new BackupException(
                place + "@" + offset + " is not what the backup has there: somebody else writes there."
                        + " Stop the services, and restore once more into an empty system");
    }

    /** Where the records of a topic lie now, by where they once lay. */
    Offsets offsetsOf(String topicId) throws IOException, BackupException {
        Offsets offsets = new Offsets();
        for (BackupManifest.Partition partition : backup.manifest().partitions()) {
            if (partition.topicId().equals(topicId)) {
                offsets.topic = Optional.of(partition.topic());
                offsets.byPartition.put(partition.partition(), offsetsOf(partition));
            }
        }
        return offsets;
    }

    private long[] offsetsOf(BackupManifest.Partition partition) throws IOException, BackupException {
        long[] offsets = new long[Math.toIntExact(partition.records())];
        try (RecordFile.Reader reader = new RecordFile.Reader(fileOf(partition))) {
            for (int i = 0; i < offsets.length; i++) {
                offsets[i] = reader.next().map(BackedUpRecord::getOffset).orElseThrow();
            }
        }
        return offsets;
    }

    /** The offsets that the records of a topic once had: each has its place among them now. */
    static final class Offsets {
        private Optional<String> topic = Optional.empty();
        private final Map<Integer, long[]> byPartition = new HashMap<>();

        /** The topic's name; empty if the backup has no such topic. */
        Optional<String> topic() {
            return topic;
        }

        /** The offset of the record that lay there; empty if the backup has none. */
        Optional<Long> now(int partition, long then) {
            int found = Arrays.binarySearch(byPartition.getOrDefault(partition, new long[0]), then);
            return found < 0 ? Optional.empty() : Optional.of((long) found);
        }
    }
}
