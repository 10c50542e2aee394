package dev.tutelage.cli.letter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.tutelage.cli.machine.LoneMachine;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.control.letter.Letter;
import dev.tutelage.control.letter.LetterBox;
import dev.tutelage.event.EventRecord;
import dev.tutelage.event.Fact;
import dev.tutelage.event.FactCodec;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.RejectionKind;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands on a real broker, on which dead letters were said as workers say them. */
@Timeout(120)
class DeadLettersTest {
    private static final String REQUESTS = Topic.PRETRAIN_REQUESTS.topicName();

    @TempDir
    private static Path shared;

    private static Machine machine;
    private static FactLog log;

    private final String task = "task-" + UUID.randomUUID();
    private final String run = "pretrain-" + UUID.randomUUID();
    private final RunRequested request = RunRequested.newBuilder()
            .setRunId(run)
            .setTask(task)
            .setStage(Stage.STAGE_PRETRAIN)
            .setRecipe("{\"epochs\": 3}")
            .build();

    private record Ended(int status, String out, String err) {}

    @BeforeAll
    static void start() throws Exception {
        machine = Machine.start(LoneMachine.withoutServices(shared.resolve("state")), status -> {});
        log = new FactLog(machine.kafka(), "/tutelage/test", "dead-letters-test", Clock.systemUTC());
    }

    @AfterAll
    static void stop() {
        log.close();
        machine.close();
    }

    @Test
    void aFailedRunIsListedShownAndAskedForAgain() throws Exception {
        long offset = say(ofRun("no image can be read\nsee the shard"), request, changed(RunState.RUN_STATE_FAILED));
        assertThat(deadLetters("list", "--task", task).out())
                .contains(offset + "  ", "  pretrainer  " + REQUESTS + "-3@17  no image can be read", "1 dead letter")
                .doesNotContain("see the shard");
        Ended shown = deadLetters("show", Long.toString(offset));
        assertThat(shown.out())
                .contains("see the shard", "RunRequested:", "recipe: \"{\\\"epochs\\\": 3}\"", "ce_type: dev.tutelage");
        assertThat(shown.out()).contains("digest  000007  UNREADABLE  is no image");

        Ended replayed = deadLetters("replay", Long.toString(offset));
        assertThat(replayed.status()).as(replayed.err()).isZero();
        assertThat(replayed.out()).contains("run " + run + " was asked for again", "1 replayed, 0 not");
        Awaitility.await().until(() -> said(Topic.PRETRAIN_REQUESTS)
                .contains(request.toBuilder().setRetry(1).build()));
        Awaitility.await().until(() -> deadLetters("list", "--task", task).out().contains("0 dead letters"));
        assertThat(deadLetters("list", "--task", task, "--all").out()).contains("(replayed) no image can be read");
        Ended again = deadLetters("replay", Long.toString(offset));
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).contains("was replayed before");
    }

    @Test
    void aLetterWhoseRunWasRetriedIsNotOpen() throws Exception {
        long offset = say(
                ofRun("no image can be read"),
                request,
                changed(RunState.RUN_STATE_FAILED),
                changed(RunState.RUN_STATE_REQUESTED).toBuilder().setRetry(1).build());
        assertThat(deadLetters("list", "--task", task).out()).contains("0 dead letters");
        assertThat(deadLetters("replay", Long.toString(offset)).err()).contains("its run was asked for again");
    }

    @Test
    void programsGetJson() throws Exception {
        long offset = say(ofRun("no image can be read"), request, changed(RunState.RUN_STATE_FAILED));
        JsonNode list = json(deadLetters("list", "--task", task, "--json"));
        assertThat(list).hasSize(1);
        assertThat(list.get(0).get("offset").asLong()).isEqualTo(offset);
        assertThat(list.get(0).get("source").asText()).isEqualTo(REQUESTS + "-3@17");
        assertThat(list.get(0).get("leftOut").asInt()).isEqualTo(1);
        JsonNode shown = json(deadLetters("show", Long.toString(offset), "--json"));
        assertThat(shown.get("payload").get("run_id").asText()).isEqualTo(run);
        assertThat(shown.get("payload").get("stage").asText()).isEqualTo("STAGE_PRETRAIN");
        assertThat(shown.get("leftOut").get(0).get("image").asText()).isEqualTo("000007");
    }

    @Test
    void aRecordThatIsNoRequestIsPutInItsPlaceByteForByte() throws Exception {
        byte[] value = {0, 1, 2, (byte) 0xff, 'g', 'o', 'n', 'e'};
        long offset = say(DeadLettered.newBuilder()
                .setSourceTopic(REQUESTS)
                .setSourcePartition(3)
                .setSourceOffset(17)
                .setKey(ByteString.copyFromUtf8(run))
                .setValue(ByteString.copyFrom(value))
                .putHeaders("ce_type", ByteString.copyFromUtf8("dev.tutelage.Unheard.v1"))
                .putHeaders("raw", ByteString.copyFrom(new byte[] {(byte) 0x80, 7}))
                .setService("pretrainer")
                .setReason("Header ce_specversion is missing")
                .build());
        Ended shown = deadLetters("show", Long.toString(offset));
        assertThat(shown.out())
                .contains(
                        "The record says nothing: Header ce_specversion is missing",
                        "00 01 02 ff 67 6f 6e 65",
                        "....gone");
        assertThat(deadLetters("replay", Long.toString(offset)).status()).isZero();
        ConsumerRecord<String, byte[]> again = Awaitility.await()
                .until(() -> recordOn(REQUESTS, run), Optional::isPresent)
                .orElseThrow();
        assertThat(again.value()).isEqualTo(value);
        Map<String, ByteString> headers = new HashMap<>();
        for (Header header : again.headers()) {
            headers.put(header.key(), ByteString.copyFrom(header.value()));
        }
        assertThat(headers)
                .containsOnly(
                        Map.entry("ce_type", ByteString.copyFromUtf8("dev.tutelage.Unheard.v1")),
                        Map.entry("raw", ByteString.copyFrom(new byte[] {(byte) 0x80, 7})));
        Awaitility.await()
                .until(() -> deadLetters("replay", Long.toString(offset)).err().contains("was replayed before"));
    }

    @Test
    void whatWasLeftOutOfARunThatSucceededIsNotReplayed() throws Exception {
        long offset = say(ofRun("Parts of the input were left out"), request, changed(RunState.RUN_STATE_SUCCEEDED));
        Ended refused = deadLetters("replay", Long.toString(offset));
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("has succeeded", "tutelage ingest");
        assertThat(said(Topic.PRETRAIN_REQUESTS))
                .doesNotContain(request.toBuilder().setRetry(1).build());
    }

    @Test
    void allThatCanBeIsReplayedAtOnce() throws Exception {
        say(ofRun("first"), request, changed(RunState.RUN_STATE_FAILED));
        say(ofRun("the same again"));
        RunRequested other = request.toBuilder().setRunId(run + "-other").build();
        say(
                ofRun("left out").toBuilder().setRunId(other.getRunId()).build(),
                other,
                changed(RunState.RUN_STATE_SUCCEEDED).toBuilder()
                        .setRunId(other.getRunId())
                        .build());
        Ended all = deadLetters("replay", "--task", task, "--all-open");
        assertThat(all.status()).as(all.err()).isZero();
        assertThat(all.out()).contains("2 replayed, 1 not");
        assertThat(all.err()).contains(other.getRunId() + ", which has succeeded");
        Awaitility.await().until(() -> deadLetters("list", "--task", task).out().contains("1 dead letter"));
        assertThat(said(Topic.PRETRAIN_REQUESTS))
                .filteredOn(request.toBuilder().setRetry(1).build()::equals)
                .hasSize(1);
    }

    @Test
    void aCommandLineThatNamesNothingOrBothIsWrong() {
        assertThat(deadLetters("replay").status()).isEqualTo(2);
        assertThat(deadLetters("replay", "1", "--task", task, "--all-open").status())
                .isEqualTo(2);
        assertThat(deadLetters("replay", "--task", task).status()).isEqualTo(2);
        assertThat(deadLetters("show", "999999").err()).contains("no dead letter at offset 999999");
    }

    private DeadLettered ofRun(String reason) {
        EventRecord kafkaRecord = FactCodec.encode(new Fact(request, "/tutelage/test", Instant.EPOCH));
        DeadLettered.Builder letter = DeadLettered.newBuilder()
                .setSourceTopic(REQUESTS)
                .setSourcePartition(3)
                .setSourceOffset(17)
                .setKey(ByteString.copyFromUtf8(run))
                .setValue(kafkaRecord.value())
                .setService("pretrainer")
                .setReason(reason)
                .setTask(task)
                .setRunId(run)
                .addRejected(RejectedItem.newBuilder()
                        .setShard("digest")
                        .setImage("000007")
                        .setReason("is no image")
                        .setKind(RejectionKind.REJECTION_KIND_UNREADABLE));
        kafkaRecord.headers().forEach((name, value) -> letter.putHeaders(name, ByteString.copyFromUtf8(value)));
        return letter.build();
    }

    private RunChanged changed(RunState state) {
        return RunChanged.newBuilder()
                .setRunId(run)
                .setTask(task)
                .setStage(Stage.STAGE_PRETRAIN)
                .setState(state)
                .build();
    }

    /** Says a letter and other facts, waits until all are seen, and returns the letter's offset. */
    private static long say(DeadLettered letter, Message... others) throws Exception {
        List<Message> facts = new ArrayList<>(List.of(others));
        facts.add(letter);
        log.publish(facts);
        for (Message other : others) {
            Topic topic = other instanceof RunRequested ? Topic.PRETRAIN_REQUESTS : Topic.RUNS;
            Awaitility.await().until(() -> said(topic).contains(other));
        }
        return Awaitility.await()
                .until(() -> offsetOf(letter), Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<Long> offsetOf(DeadLettered letter) {
        return LetterBox.read(machine.kafka()).letters().stream()
                .filter(each -> each.fact().equals(letter))
                .map(Letter::offset)
                .findFirst();
    }

    private static List<Message> said(Topic topic) {
        List<Message> facts = new ArrayList<>();
        try (FactReader reader = new FactReader(machine.kafka(), EnumSet.of(topic))) {
            reader.readToEnd(placed -> facts.add(placed.fact().payload()));
        }
        return facts;
    }

    /** The newest record with that key, if there is one. */
    private static Optional<ConsumerRecord<String, byte[]>> recordOn(String topic, String key) {
        Map<String, Object> config = new HashMap<>(machine.kafka());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, UUID.randomUUID().toString());
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        Optional<ConsumerRecord<String, byte[]>> found = Optional.empty();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            for (int i = 0; i < 20 && found.isEmpty(); i++) {
                for (ConsumerRecord<String, byte[]> each : consumer.poll(Duration.ofMillis(500))) {
                    found = key.equals(each.key()) ? Optional.of(each) : found;
                }
            }
        }
        return found;
    }

    private static JsonNode json(Ended ended) throws Exception {
        return JsonMapper.builder().build().readTree(ended.out());
    }

    private static Ended deadLetters(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--state", shared.resolve("state").toString()));
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream failed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, UTF_8));
        System.setErr(new PrintStream(failed, true, UTF_8));
        try {
            int status = new CommandLine(new DeadLettersCommand()).execute(all.toArray(String[]::new));
            return new Ended(status, said.toString(UTF_8), failed.toString(UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
