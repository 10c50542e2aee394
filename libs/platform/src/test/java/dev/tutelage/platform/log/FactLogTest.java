package dev.tutelage.platform.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.Message;
import dev.tutelage.event.Fact;
import dev.tutelage.event.FactCodec;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.fixture.Birds;
import dev.tutelage.platform.fixture.LocalKafka;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FactLogTest {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private final String run = LocalKafka.unique("run");
    private final String group = LocalKafka.unique("workers");
    private final String source = "/tutelage/" + run;
    private final FactLog log = log(KAFKA.client(), LocalKafka.unique("log"));

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void factsOfOneCallAppearOnAllTheirTopics() throws NotPublishedException {
        Message started = Birds.run(run, RunState.RUN_STATE_STARTED);
        Message checkpoint = Birds.checkpoint(run, Stage.STAGE_PRETRAIN, 0);
        log.publish(List.of(started, checkpoint));
        assertThat(committedFacts(2))
                .containsExactlyInAnyOrder(new Fact(started, source, NOON), new Fact(checkpoint, source, NOON));
    }

    @Test
    void sayingAFactAgainIsTheSameEvent() throws NotPublishedException {
        RunChanged started = Birds.run(run, RunState.RUN_STATE_STARTED);
        log.publish(List.of(started));
        log.publish(List.of(started));
        assertThat(committedFacts(2))
                .extracting(FactCodec::idOf)
                .hasSize(2)
                .containsOnly(FactCodec.idOf(new Fact(started, "/tutelage/elsewhere", NOON.plusSeconds(1))));
    }

    @Test
    void theFactsAndTheOffsetOfTheirRequestAreCommittedTogether() throws Exception {
        RecordMetadata place = request();
        try (Consumer<String, byte[]> worker = KAFKA.worker(group, place.topic())) {
            ConsumerRecord<String, byte[]> taken = KAFKA.take(worker, place);
            assertThat(KAFKA.committed(group, place)).isEmpty();
            log.publish(
                    List.of(Birds.run(run, RunState.RUN_STATE_SUCCEEDED)),
                    List.of(consumed(taken, worker.groupMetadata())));
        }
        assertThat(payloads(1)).containsExactly(Birds.run(run, RunState.RUN_STATE_SUCCEEDED));
        awaitCommitted(place);
    }

    /** A zombie: it took the request, fell silent, and wakes up when its group has gone on without it. */
    @Test
    void theBrokerRefusesAWorkerThatItsGroupHasLeftBehind() throws Exception {
        RecordMetadata place = request();
        ConsumedRequest takenByZombie;
        try (Consumer<String, byte[]> zombie = KAFKA.worker(group, place.topic())) {
            takenByZombie = consumed(KAFKA.take(zombie, place), zombie.groupMetadata());
        }
        try (Consumer<String, byte[]> heir = KAFKA.worker(group, place.topic())) {
            ConsumedRequest takenByHeir = consumed(KAFKA.take(heir, place), heir.groupMetadata());
            Message zombieSays = Birds.run(run, RunState.RUN_STATE_FAILED);
            assertThatExceptionOfType(NotPublishedException.class)
                    .isThrownBy(() -> log.publish(List.of(zombieSays), List.of(takenByZombie)))
                    .withMessageStartingWith("Not published: RunChanged (");
            assertThat(KAFKA.committed(group, place)).isEmpty();
            Message heirSays = Birds.run(run, RunState.RUN_STATE_SUCCEEDED);
            try (FactLog heirLog = log(KAFKA.client(), LocalKafka.unique("heir"))) {
                heirLog.publish(List.of(heirSays), List.of(takenByHeir));
            }
            assertThat(payloads(1)).containsExactly(heirSays);
        }
        awaitCommitted(place);
    }

    @Test
    void aLogThatWasRefusedGoesOnWithTheNextFacts() throws Exception {
        ConsumedRequest stranger =
                new ConsumedRequest(new TopicPartition("tutelage.pretrain-requests", 0), 0, strangerIn(group));
        assertThatExceptionOfType(NotPublishedException.class)
                .isThrownBy(() -> log.publish(List.of(Birds.run(run, RunState.RUN_STATE_FAILED)), List.of(stranger)));
        log.publish(List.of(Birds.run(run, RunState.RUN_STATE_SUCCEEDED)));
        assertThat(payloads(1)).containsExactly(Birds.run(run, RunState.RUN_STATE_SUCCEEDED));
    }

    /** An open transaction would hold up everybody's reading until it times out. */
    @Test
    void aRefusedTransactionIsAbortedAtOnce() throws Exception {
        ConsumedRequest stranger =
                new ConsumedRequest(new TopicPartition("tutelage.pretrain-requests", 0), 0, strangerIn(group));
        assertThatExceptionOfType(NotPublishedException.class)
                .isThrownBy(() -> log.publish(List.of(Birds.run(run, RunState.RUN_STATE_FAILED)), List.of(stranger)));
        try (FactLog other = log(KAFKA.client(), LocalKafka.unique("other"))) {
            other.publish(List.of(Birds.run(run, RunState.RUN_STATE_SUCCEEDED)));
        }
        long start = System.nanoTime();
        assertThat(payloads(1)).containsExactly(Birds.run(run, RunState.RUN_STATE_SUCCEEDED));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void theNewerOfTwoLogsWithOneNameFencesTheOlder() throws Exception {
        String name = LocalKafka.unique("twins");
        try (FactLog older = log(KAFKA.client(), name);
                FactLog newer = log(KAFKA.client(), name)) {
            older.publish(List.of(Birds.run(run, RunState.RUN_STATE_STARTED)));
            newer.publish(List.of(Birds.run(run, RunState.RUN_STATE_RESUMED)));
            assertThatExceptionOfType(NotPublishedException.class)
                    .isThrownBy(() -> older.publish(List.of(Birds.run(run, RunState.RUN_STATE_FAILED))));
        }
        log.publish(List.of(Birds.run(run, RunState.RUN_STATE_SUCCEEDED)));
        assertThat(payloads(3))
                .containsExactly(
                        Birds.run(run, RunState.RUN_STATE_STARTED),
                        Birds.run(run, RunState.RUN_STATE_RESUMED),
                        Birds.run(run, RunState.RUN_STATE_SUCCEEDED));
    }

    /** Otherwise somebody could look for a fact, not find it, and see it committed after that. */
    @Test
    void onceSettledNothingThatAKilledHolderSaidIsOpen() throws Exception {
        String name = LocalKafka.unique("killed");
        Map<String, Object> config = new HashMap<>(KAFKA.client());
        config.put("transactional.id", name);
        try (Producer<String, byte[]> killed =
                        new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
                FactLog heir = log(KAFKA.client(), name)) {
            killed.initTransactions();
            killed.beginTransaction();
            killed.send(Facts.record(new Fact(Birds.run(run, RunState.RUN_STATE_STARTED), source, NOON)))
                    .get();
            heir.settle();
            assertThatExceptionOfType(KafkaException.class).isThrownBy(killed::commitTransaction);
            heir.publish(List.of(Birds.run(run, RunState.RUN_STATE_RESUMED)));
            assertThat(payloads(1)).containsExactly(Birds.run(run, RunState.RUN_STATE_RESUMED));
        }
    }

    @Test
    void aBrokerThatCannotBeReachedIsTold() throws Exception {
        int nobodyListens;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobodyListens = socket.getLocalPort();
        }
        try (FactLog lonely = log(Map.of("bootstrap.servers", "127.0.0.1:" + nobodyListens), "lonely")) {
            assertThatExceptionOfType(NotPublishedException.class)
                    .isThrownBy(() -> lonely.publish(List.of(Birds.run(run, RunState.RUN_STATE_STARTED))))
                    .withMessageStartingWith("Not published: RunChanged (")
                    .withMessageEndingWith("Check that Kafka is up and reachable");
        }
    }

    private RecordMetadata request() throws Exception {
        return KAFKA.send(Facts.record(new Fact(
                RunRequested.newBuilder()
                        .setRunId(run)
                        .setTask(Birds.TASK)
                        .setStage(Stage.STAGE_PRETRAIN)
                        .build(),
                source,
                NOON)));
    }

    private static ConsumerGroupMetadata strangerIn(String group) {
        return new ConsumerGroupMetadata(group, 7, "stranger", Optional.empty());
    }

    private static ConsumedRequest consumed(ConsumerRecord<String, byte[]> taken, ConsumerGroupMetadata standing) {
        return new ConsumedRequest(new TopicPartition(taken.topic(), taken.partition()), taken.offset(), standing);
    }

    private FactLog log(Map<String, Object> kafka, String name) {
        return new FactLog(kafka, source, name, Clock.fixed(NOON, ZoneOffset.UTC));
    }

    private void awaitCommitted(RecordMetadata place) {
        KAFKA.awaitCommitted(group, place);
    }

    private Stream<Message> payloads(int number) {
        return committedFacts(number).stream().map(Fact::payload);
    }

    private List<Fact> committedFacts(int number) {
        return KAFKA.committedFacts(source, List.of(Topic.RUNS, Topic.CHECKPOINTS), number);
    }
}
