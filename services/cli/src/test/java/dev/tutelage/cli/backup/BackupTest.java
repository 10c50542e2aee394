package dev.tutelage.cli.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutelage.cli.machine.LoneMachine;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.OutcomeFact;
import dev.tutelage.event.v1.RequestPlace;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunOutcome;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.Place;
import dev.tutelage.platform.log.TopicIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A system with one request that is done and one that is not, backed up, damaged and restored. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackupTest {
    private static final String TASK = "birds";
    private static final int DONE = 5;

    private Path directory;
    private Machine machine;
    private ArtifactStore store;
    private FactLog log;
    private Artifact garbage;
    private Artifact unsaid;

    @BeforeAll
    void fillMachine(@TempDir Path directory) throws Exception {
        this.directory = directory;
        machine = Machine.start(LoneMachine.withoutServices(directory.resolve("state")), status -> {});
        store = machine.artifactStore();
        log = new FactLog(machine.kafka(), "/tutelage/test", "backup-test", Clock.systemUTC());
        for (int i = 0; i < DONE; i++) {
            request(i);
        }
        endAll();
        request(DONE);
        sendNoFact();
        garbage = store.put("garbage".getBytes(UTF_8), "garbage");
        unsaid = store.put("labels to be said".getBytes(UTF_8), "soft-labels.safetensors");
        storeOutcome(
                "pending",
                SoftLabelsAdded.newBuilder().setTask(TASK).setLogits(unsaid).build(),
                RequestPlace.newBuilder()
                        .setTopicId(id(machine))
                        .setOffset(1L << 20)
                        .build());
        store.putNamed("runs/run-0/snapshots/000000000000-1-" + "ab".repeat(32), "ended".getBytes(UTF_8));
        store.putNamed("runs/run-" + DONE + "/snapshots/000000000000-1-" + "cd".repeat(32), "open".getBytes(UTF_8));
    }

    @AfterAll
    void stopMachine() {
        log.close();
        machine.close();
    }

    private void request(int number) throws Exception {
        Artifact shard = store.put(("shard " + number).getBytes(UTF_8), "shard.tar");
        log.publish(List.of(
                ShardAdded.newBuilder().setTask(TASK).setShard(shard).build(),
                RunRequested.newBuilder()
                        .setRunId("run-" + number)
                        .setTask(TASK)
                        .setStage(Stage.STAGE_LABEL)
                        .setDataset(shard)
                        .build()));
    }

    /** Ends every request as workers do, but for the transaction with the offsets. */
    private void endAll() throws Exception {
        Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
        for (Place place : requests(machine)) {
            String run = "run-of-" + place;
            SoftLabelsAdded labels = SoftLabelsAdded.newBuilder()
                    .setTask(TASK)
                    .setRunId(run)
                    .setLogits(store.put(("labels of " + place).getBytes(UTF_8), "soft-labels.safetensors"))
                    .build();
            storeOutcome(
                    run,
                    labels,
                    RequestPlace.newBuilder()
                            .setTopicId(id(machine))
                            .setPartition(place.partition())
                            .setOffset(place.offset())
                            .build());
            log.publish(List.of(labels));
            done.put(new TopicPartition(place.topic(), place.partition()), new OffsetAndMetadata(place.offset() + 1));
        }
        log.publish(List.of(RunChanged.newBuilder()
                .setRunId("run-0")
                .setTask(TASK)
                .setState(RunState.RUN_STATE_SUCCEEDED)
                .build()));
        try (Admin admin = Admin.create(machine.kafka())) {
            admin.alterConsumerGroupOffsets("labeler", done).all().get();
        }
    }

    private void storeOutcome(String run, SoftLabelsAdded labels, RequestPlace place) {
        store.putNamed(
                "runs/" + run + "/outcome",
                RunOutcome.newBuilder()
                        .addFacts(OutcomeFact.newBuilder().setSoftLabelsAdded(labels))
                        .setRequest(place)
                        .build()
                        .toByteArray());
    }

    /** Without value, without key, with headers that have no value. */
    private void sendNoFact() throws Exception {
        String noKey = null;
        byte[] noValue = null;
        ProducerRecord<String, byte[]> odd =
                new ProducerRecord<>(Topic.DEAD_LETTERS.topicName(), 0, 1_234_567_890_123L, noKey, noValue);
        odd.headers().add("empty", null).add("twice", new byte[] {1}).add("twice", new byte[] {2, (byte) 0xff});
        try (Producer<String, byte[]> producer =
                new KafkaProducer<>(machine.kafka(), new StringSerializer(), new ByteArraySerializer())) {
            producer.send(odd).get();
        }
    }

    private static String id(Machine machine) {
        return new TopicIds(machine.kafka()).of(Topic.LABEL_REQUESTS.topicName());
    }

    private static List<Place> requests(Machine machine) {
        List<Place> places = new ArrayList<>();
        try (FactReader reader = new FactReader(machine.kafka(), Set.of(Topic.LABEL_REQUESTS))) {
            reader.readToEnd(placed -> places.add(placed.place()));
        }
        return places;
    }

    private Backup.Summary backUp(Path target) throws Exception {
        return new Backup(machine.kafka(), store, Clock.systemUTC()).into(target);
    }

    @Test
    void whatIsRestoredIsWhatWasBackedUp() throws Exception {
        Path target = directory.resolve("backup");
        Path restored = directory.resolve("restored");
        assertThat(command(new BackupCommand(), target, "state")).isZero();
        assertThat(command(new RestoreCommand(), target, "restored")).isZero();
        assertThat(command(new RestoreCommand(), target, "restored"))
                .as("it is not empty any more")
                .isEqualTo(1);
        try (Machine other = Machine.start(LoneMachine.withoutServices(restored), status -> {})) {
            assertThat(records(other)).isEqualTo(records(machine)).isNotEmpty();
            assertThat(done(other)).isEqualTo(done(machine)).hasSize(DONE);
            ArtifactStore copies = other.artifactStore();
            assertThat(copies.list("sha256/")).isEqualTo(artifactsButGarbage());
            assertThat(copies.list("runs/"))
                    .isEqualTo(store.list("runs/").stream()
                            .filter(name -> !name.startsWith("runs/run-0/snapshots"))
                            .toList());
            assertPlacesAreThoseOfTheRequests(other);
            assertThat(outcome(copies, "pending").hasRequest())
                    .as("its request is not in the backup")
                    .isFalse();
        }
    }

    private List<String> artifactsButGarbage() {
        String object = ArtifactStore.objectName(new Digest(garbage.getDigest()));
        return store.list("sha256/").stream()
                .filter(name -> !name.equals(object))
                .toList();
    }

    private static RunOutcome outcome(ArtifactStore store, String run) throws IOException {
        return RunOutcome.parseFrom(store.readNamed("runs/" + run + "/outcome").orElseThrow());
    }

    /** Each outcome names the place of the same request as before. */
    private void assertPlacesAreThoseOfTheRequests(Machine other) throws Exception {
        List<Place> before = requests(machine);
        List<Place> after = requests(other);
        for (String name : store.list("runs/run-of-")) {
            String run = name.split("/", -1)[1];
            RequestPlace then = outcome(store, run).getRequest();
            RequestPlace now = outcome(other.artifactStore(), run).getRequest();
            assertThat(now.getTopicId()).isEqualTo(id(other)).isNotEqualTo(then.getTopicId());
            Place old = new Place(Topic.LABEL_REQUESTS.topicName(), then.getPartition(), then.getOffset());
            Place moved = new Place(old.topic(), now.getPartition(), now.getOffset());
            assertThat(index(after, moved)).isEqualTo(index(before, old)).isNotNegative();
        }
    }

    /** The how manyth of its partition a place is. */
    private static int index(List<Place> places, Place place) {
        return places.stream()
                .filter(other -> other.partition() == place.partition())
                .sorted((one, other) -> Long.compare(one.offset(), other.offset()))
                .toList()
                .indexOf(place);
    }

    /** The requests that the labelers are done with, each as the how manyth of its partition. */
    private static List<String> done(Machine machine) throws Exception {
        List<Place> places = requests(machine);
        try (Admin admin = Admin.create(machine.kafka())) {
            Map<TopicPartition, OffsetAndMetadata> next = admin.listConsumerGroupOffsets("labeler")
                    .partitionsToOffsetAndMetadata()
                    .get();
            return places.stream()
                    .filter(place -> next.getOrDefault(
                                            new TopicPartition(place.topic(), place.partition()),
                                            new OffsetAndMetadata(0))
                                    .offset()
                            > place.offset())
                    .map(place -> place.partition() + "#" + index(places, place))
                    .sorted()
                    .toList();
        }
    }

    /** All committed records, without their offsets. */
    private static List<String> records(Machine machine) throws Exception {
        List<String> all = new ArrayList<>();
        try (Admin admin = Admin.create(machine.kafka());
                Consumer<byte[], byte[]> consumer = TopicCopy.reader(machine.kafka())) {
            List<TopicPartition> partitions = Cut.partitions(admin).stream()
                    .sorted((one, other) -> one.toString().compareTo(other.toString()))
                    .toList();
            for (TopicPartition partition : partitions) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                while (consumer.position(partition) < end) {
                    consumer.poll(Duration.ofMillis(100))
                            .forEach(kafkaRecord -> all.add(partition + " "
                                    + RecordFile.of(kafkaRecord).toBuilder()
                                            .clearOffset()
                                            .build()));
                }
            }
        }
        return all;
    }

    @Test
    void whatIsThereIsNotCopiedAgainAndWhatIsNeededNoMoreGoes() throws Exception {
        Path target = directory.resolve("incremental");
        Backup.Summary first = backUp(target);
        assertThat(first.copied()).isEqualTo(first.objects()).isPositive();
        assertThat(first.missing()).isEmpty();
        Path stray = target.resolve("objects/ab").resolve("ab".repeat(32));
        Files.createDirectories(stray.getParent());
        Files.writeString(stray, "of no backup any more");
        Files.createDirectory(target.resolve("backup-20260101T000000.000Z.partial"));

        Backup.Summary second = backUp(target);
        assertThat(second.copied()).isZero();
        assertThat(second.objects()).isEqualTo(first.objects());
        assertThat(stray).doesNotExist();
        try (Stream<Path> files = Files.list(target)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "objects", "lock", second.folder().getFileName().toString());
        }
    }

    @Test
    void damageIsFoundAndNothingIsRestored() throws Exception {
        Path target = directory.resolve("damaged");
        Backup.Summary made = backUp(target);
        assertThat(command(new BackupCommand(), target, "state", "--verify")).isZero();
        Path object = BackupDirectory.objects(target).file(new Digest(unsaid.getDigest()));
        Files.writeString(object, "labels to be SAID");
        Path topic = made.folder().resolve("tutelage.shards-0.records");
        Files.write(topic, new byte[] {0}, StandardOpenOption.APPEND);

        assertThat(BackupCheck.of(target).problems())
                .hasSize(2)
                .anySatisfy(problem -> assertThat(problem).contains(object.toString(), "SHA-256"))
                .anySatisfy(problem -> assertThat(problem).contains(topic.toString(), "bytes instead of"));
        assertThat(command(new BackupCommand(), target, "state", "--verify")).isEqualTo(1);
        assertThat(command(new RestoreCommand(), target, "untouched")).isEqualTo(1);
        assertThat(directory.resolve("untouched")).doesNotExist();

        assertThat(backUp(target).copied()).as("the damaged one").isEqualTo(1);
        assertThat(BackupCheck.of(target).problems()).isEmpty();
    }

    @Test
    void aDirectoryOfOtherThingsIsLeftAlone() throws Exception {
        Path target = Files.createDirectory(directory.resolve("documents"));
        Path file = Files.writeString(target.resolve("novel.txt"), "It was a dark and stormy night");
        assertThatExceptionOfType(BackupException.class)
                .isThrownBy(() -> backUp(target))
                .withMessageContaining("other files");
        assertThat(file).exists();
        assertThatExceptionOfType(BackupException.class)
                .isThrownBy(() -> BackupCheck.of(target))
                .withMessageContaining("There is no backup");
    }

    private int command(Object command, Path target, String state, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(
                List.of(target.toString(), "--state", directory.resolve(state).toString()));
        return new CommandLine(command).execute(all.toArray(new String[0]));
    }
}
