package dev.tutelage.integration;

import com.google.protobuf.ByteString;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What a Tutelage has left on topics and in the store, byte for byte, as a zip: the committed records of each partition, how
 * far the workers' groups were with them, and all objects.
 */
record LeftBehind(Path zip) {
    private static final String RECORDS = "records";
    private static final String OFFSETS = "offsets";
    private static final String OBJECTS = "objects/";
    private static final List<String> GROUPS =
            List.of("pretrainer", "fine-tuner", "labeler", "labeler-backlog", "student-trainer");

    /** Writes down what is there; nobody should be adding to it. */
    void record(Machine machine) throws Exception {
        List<DeadLettered> records = records(machine);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (DeadLettered each : records) {
                each.writeDelimitedTo(bytes);
            }
            write(out, RECORDS, bytes.toByteArray());
            write(out, OFFSETS, String.join("\n", offsets(machine, records)).getBytes(StandardCharsets.UTF_8));
            ArtifactStore store = machine.artifactStore();
            for (String object : store.list("")) {
                write(out, OBJECTS + object, store.readNamed(object).orElseThrow());
            }
        }
    }

    private static void write(ZipOutputStream out, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        out.putNextEntry(entry);
        out.write(bytes);
    }

    /** As dead letters hold records: with all that it takes to say them again. */
    private static List<DeadLettered> records(Machine machine) {
        Map<String, Object> config = new HashMap<>(machine.kafka());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        List<DeadLettered> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = partitions();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(each -> records.add(letter(each)));
            }
        }
        return records;
    }

    private static List<TopicPartition> partitions() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            for (int i = 0; i < topic.partitions(); i++) {
                partitions.add(new TopicPartition(topic.topicName(), i));
            }
        }
        return partitions;
    }

    private static DeadLettered letter(ConsumerRecord<byte[], byte[]> each) {
        DeadLettered.Builder letter = DeadLettered.newBuilder()
                .setSourceTopic(each.topic())
                .setSourcePartition(each.partition())
                .setSourceOffset(each.offset())
                .setKey(ByteString.copyFrom(each.key()))
                .setValue(ByteString.copyFrom(each.value()));
        each.headers().forEach(header -> letter.putHeaders(header.key(), ByteString.copyFrom(header.value())));
        return letter.build();
    }

    /** Counted in records: when they are said again, no transaction's marker lies between them. */
    private static List<String> offsets(Machine machine, List<DeadLettered> records) throws Exception {
        List<String> lines = new ArrayList<>();
        try (Admin admin = Admin.create(machine.kafka())) {
            for (String group : GROUPS) {
                admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .forEach((partition, next) -> lines.add(String.join(
                                " ",
                                group,
                                partition.topic(),
                                Integer.toString(partition.partition()),
                                Long.toString(before(partition, next.offset(), records)))));
            }
        }
        return lines;
    }

    private static long before(TopicPartition partition, long offset, List<DeadLettered> records) {
        return records.stream()
                .filter(each -> each.getSourceTopic().equals(partition.topic())
                        && each.getSourcePartition() == partition.partition()
                        && each.getSourceOffset() < offset)
                .count();
    }

    /** Puts all of it onto a machine that has nothing yet, on which no services run. */
    void restore(Machine machine) throws Exception {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), in.readAllBytes());
            }
        }
        say(machine, entries.remove(RECORDS));
        commit(machine, new String(entries.remove(OFFSETS), StandardCharsets.UTF_8));
        ArtifactStore store = machine.artifactStore();
        entries.forEach((name, bytes) -> store.putNamed(name.substring(OBJECTS.length()), bytes));
    }

    private static void say(Machine machine, byte[] records) throws Exception {
        InputStream in = new ByteArrayInputStream(records);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(machine.kafka(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (DeadLettered each = DeadLettered.parseDelimitedFrom(in);
                    each != null;
                    each = DeadLettered.parseDelimitedFrom(in)) {
                ProducerRecord<byte[], byte[]> said = new ProducerRecord<>(
                        each.getSourceTopic(),
                        each.getSourcePartition(),
                        each.getKey().toByteArray(),
                        each.getValue().toByteArray());
                each.getHeadersMap().forEach((key, value) -> said.headers().add(key, value.toByteArray()));
                producer.send(said).get();
            }
        }
    }

    private static void commit(Machine machine, String lines) throws Exception {
        Map<String, Map<TopicPartition, OffsetAndMetadata>> byGroup = new HashMap<>();
        for (String line : lines.lines().toList()) {
            List<String> words = Arrays.asList(line.split(" ", -1));
            byGroup.computeIfAbsent(words.get(0), none -> new HashMap<>())
                    .put(
                            new TopicPartition(words.get(1), Integer.parseInt(words.get(2))),
                            new OffsetAndMetadata(Long.parseLong(words.get(3))));
        }
        try (Admin admin = Admin.create(machine.kafka())) {
            for (Map.Entry<String, Map<TopicPartition, OffsetAndMetadata>> group : byGroup.entrySet()) {
                admin.alterConsumerGroupOffsets(group.getKey(), group.getValue())
                        .all()
                        .get();
            }
        }
    }
}
