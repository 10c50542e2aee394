package dev.tutelage.platform.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.RejectionKind;
import dev.tutelage.event.v1.RequestPlace;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.fixture.Birds;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.ConsumedRequest;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.Facts;
import dev.tutelage.platform.log.TopicIds;
import dev.tutelage.platform.run.RunProtocol.Ending;
import io.opentelemetry.api.trace.TracerProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class RunProtocolTest {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final int MAX_ATTEMPTS = 2;

    @TempDir
    Path folder;

    private final String runId = LocalKafka.unique("pretrain");
    private final String group = LocalKafka.unique("workers");
    private final String source = "/tutelage/" + runId;
    private final RunRequested request = RunRequested.newBuilder()
            .setRunId(runId)
            .setTask(Birds.TASK)
            .setStage(Stage.STAGE_PRETRAIN)
            .setParent("p")
            .setDataset(Birds.shard("d", 1).getShard())
            .build();
    private final CheckpointPublished checkpoint = Birds.checkpoint(runId, Stage.STAGE_PRETRAIN, 0);
    private final ArtifactStore store = S3.store();
    private final FactLog log =
            new FactLog(KAFKA.client(), source, LocalKafka.unique("log"), Clock.fixed(NOON, ZoneOffset.UTC));
    private final AtomicBoolean shuttingDown = new AtomicBoolean();
    private final AtomicBoolean leaseLost = new AtomicBoolean();
    private final AtomicInteger worked = new AtomicInteger();
    private final Set<Asked> cancelled = ConcurrentHashMap.newKeySet();

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void aRequestEndsInFactsAndItsOffsetTogether() throws Exception {
        RecordMetadata place = request();
        assertThat(process(place, this::succeed)).isEqualTo(Ending.DONE);
        assertThat(facts(3))
                .containsExactlyInAnyOrder(
                        changed(RunState.RUN_STATE_STARTED, 1, ""),
                        checkpoint,
                        changed(RunState.RUN_STATE_SUCCEEDED, 1, ""));
        awaitCommitted(place);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aRunThatIsRequestedTwiceIsDoneAndSaidOnce() throws Exception {
        process(request(), this::succeed);
        RecordMetadata again = request();
        assertThat(process(again, this::succeed)).isEqualTo(Ending.DONE);
        assertThat(worked).hasValue(1);
        awaitCommitted(again);
        assertThat(facts(3)).filteredOn(checkpoint::equals).hasSize(1);
    }

    /** Two triggers said it; and the thread of the later request may be the faster one. */
    @Test
    @Timeout(60)
    void requestsOfOneRunAreProcessedAsTheyWereTaken() throws Exception {
        RecordMetadata first = request();
        RecordMetadata second = request();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Consumer<String, byte[]> worker = KAFKA.worker(group, first.topic());
                GroupCommit commit = new GroupCommit(log)) {
            ConsumerRecord<String, byte[]> one = KAFKA.take(worker, first);
            ConsumerRecord<String, byte[]> other =
                    new ConsumerRecord<>(one.topic(), one.partition(), second.offset(), one.key(), one.value());
            one.headers().forEach(other.headers()::add);
            TopicPartition partition = new TopicPartition(one.topic(), one.partition());
            Lease earlier = lease(partition, first.offset(), worker);
            Lease later = lease(partition, second.offset(), worker);
            RunProtocol protocol = protocol(commit, this::succeed);
            protocol.take(one, earlier);
            protocol.take(other, later);
            Future<Ending> overtaking = thread.submit(() -> protocol.process(other, later));
            assertThat(overtaking).isNotDone();
            assertThat(protocol.process(one, earlier)).isEqualTo(Ending.DONE);
            assertThat(overtaking.get()).isEqualTo(Ending.DONE);
        } finally {
            thread.shutdownNow();
        }
        awaitCommitted(second);
        assertThat(worked).hasValue(1);
        assertThat(facts(3)).filteredOn(checkpoint::equals).hasSize(1);
    }

    /** Such as a run of a broker whose topics were lost, or created anew: nobody knows of it any more. */
    @Test
    void aRunThatIsDoneAndWasNeverSaidOnThisTopicIsSaid() throws Exception {
        RequestPlace elsewhere =
                RequestPlace.newBuilder().setTopicId("another").setPartition(0).build();
        new RunRecords(store).saveOutcome(new Asked(runId, 0), elsewhere, List.of(checkpoint));
        RecordMetadata place = request();
        assertThat(process(place, this::succeed)).isEqualTo(Ending.DONE);
        assertThat(worked).hasValue(0);
        assertThat(facts(1)).containsExactly(checkpoint);
        awaitCommitted(place);
    }

    @Test
    void aRecordThatIsNoRequestBecomesADeadLetterThatHoldsItWhole() throws Exception {
        RecordMetadata place =
                KAFKA.send(new ProducerRecord<>("tutelage.pretrain-requests", runId, "garbage".getBytes(UTF_8)));
        assertThat(process(place, this::succeed)).isEqualTo(Ending.DONE);
        assertThat(worked).hasValue(0);
        assertThat(facts(1))
                .containsExactly(DeadLettered.newBuilder()
                        .setSourceTopic("tutelage.pretrain-requests")
                        .setSourcePartition(place.partition())
                        .setSourceOffset(place.offset())
                        .setKey(ByteString.copyFromUtf8(runId))
                        .setValue(ByteString.copyFromUtf8("garbage"))
                        .setService("pretrainer")
                        .setReason("Header ce_specversion is missing; the record is no CloudEvent in binary mode")
                        .build());
        awaitCommitted(place);
    }

    @Test
    void theLargestPossibleRecordBecomesADeadLetterToo() throws Exception {
        byte[] large = new byte[(1 << 20) - 200];
        RecordMetadata place = KAFKA.send(new ProducerRecord<>("tutelage.pretrain-requests", runId, large));
        assertThat(process(place, this::succeed)).isEqualTo(Ending.DONE);
        awaitCommitted(place);
    }

    @Test
    void aRejectedRunFailsAtOnceWithTheUnusableParts() throws Exception {
        RecordMetadata place = request();
        process(place, (asked, workspace) -> {
            worked.incrementAndGet();
            workspace.reject("shard", "000007", RejectionKind.REJECTION_KIND_UNREADABLE, "is no image");
            throw new RunRejectedException("nothing can be read");
        });
        assertThat(worked).hasValue(1);
        List<Message> facts = facts(3);
        assertThat(facts).contains(changed(RunState.RUN_STATE_FAILED, 1, "nothing can be read"));
        assertThat(letterIn(facts).getRejectedList())
                .containsExactly(RejectedItem.newBuilder()
                        .setShard("shard")
                        .setImage("000007")
                        .setReason("is no image")
                        .setKind(RejectionKind.REJECTION_KIND_UNREADABLE)
                        .build());
        awaitCommitted(place);
    }

    @Test
    void aRunThatKeepsFailingIsGivenUp() throws Exception {
        RecordMetadata place = request();
        process(place, (asked, workspace) -> {
            worked.incrementAndGet();
            throw new IllegalStateException("on purpose");
        });
        assertThat(worked).hasValue(MAX_ATTEMPTS);
        assertThat(letterIn(facts(4)).getReason()).contains("it was taken up 2 times and never came to an end");
        awaitCommitted(place);
    }

    /** Such as a training whose loss was not a number: it goes on from its newest snapshot. */
    @Test
    void aRunThatFailsOnceIsTriedAgain() throws Exception {
        RecordMetadata place = request();
        process(place, (asked, workspace) -> {
            if (worked.incrementAndGet() == 1) {
                workspace.snapshots().save(7, Files.writeString(folder.resolve("kept"), "seven steps"));
                throw new IllegalStateException("on purpose");
            }
            assertThat(workspace.snapshots().fetchNewestFirst())
                    .map(Files::readString)
                    .containsExactly("seven steps");
            return List.of(checkpoint);
        });
        assertThat(facts(4))
                .containsExactlyInAnyOrder(
                        changed(RunState.RUN_STATE_STARTED, 1, ""),
                        changed(RunState.RUN_STATE_RESUMED, 2, ""),
                        checkpoint,
                        changed(RunState.RUN_STATE_SUCCEEDED, 2, ""));
        awaitCommitted(place);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aRunWaitsForAFullDiskForAsLongAsItTakes() throws Exception {
        RecordMetadata place = request();
        process(place, (asked, workspace) -> {
            if (worked.incrementAndGet() <= MAX_ATTEMPTS + 1) {
                // Whatever is written to this device finds no space.
                Files.writeString(Path.of("/dev/full"), "a snapshot");
            }
            return List.of(checkpoint);
        });
        assertThat(facts(MAX_ATTEMPTS + 4))
                .contains(checkpoint, changed(RunState.RUN_STATE_SUCCEEDED, MAX_ATTEMPTS + 2, ""));
        awaitCommitted(place);
    }

    @Test
    void aGreatManyUnusablePartsFitInOneDeadLetter() throws Exception {
        RecordMetadata place = request();
        process(place, (asked, workspace) -> {
            for (int i = 0; i < 100_000; i++) {
                workspace.reject(
                        "shard",
                        "image-" + i,
                        RejectionKind.REJECTION_KIND_UNSUPPORTED_FORMAT,
                        "is no image of a format that can be read");
            }
            assertThat(workspace.rejectedImages())
                    .containsExactly(entry(RejectionKind.REJECTION_KIND_UNSUPPORTED_FORMAT, 100_000));
            return succeed(asked, workspace);
        });
        List<RejectedItem> listed = letterIn(facts(4)).getRejectedList();
        assertThat(listed).hasSizeGreaterThan(1_000);
        assertThat(listed.get(0).getImage()).isEqualTo("image-0");
        assertThat(listed.get(listed.size() - 1).getReason())
                .startsWith((100_000 - listed.size() + 1) + " more were left out");
        awaitCommitted(place);
    }

    @Test
    void aWorkerThatHasLostItsRequestSaysNothingAndTheNextOneSaysIt() throws Exception {
        RecordMetadata place = request();
        Ending ending = process(place, (asked, workspace) -> {
            leaseLost.set(true);
            assertThat(workspace.stopRequested()).isTrue();
            return succeed(asked, workspace);
        });
        assertThat(ending).isEqualTo(Ending.LEFT);
        assertThat(facts(1)).containsExactly(changed(RunState.RUN_STATE_STARTED, 1, ""));
        assertThat(KAFKA.committed(group, place)).isEmpty();
        leaseLost.set(false);
        assertThat(process(place, this::succeed)).isEqualTo(Ending.DONE);
        assertThat(worked).hasValue(1);
        assertThat(facts(3)).contains(checkpoint);
        awaitCommitted(place);
    }

    @Test
    void beingToldToStopIsNoFailedAttempt() throws Exception {
        RecordMetadata place = request();
        for (int i = 0; i <= MAX_ATTEMPTS; i++) {
            process(place, (asked, workspace) -> {
                shuttingDown.set(true);
                throw new RunStoppedException("told to");
            });
            shuttingDown.set(false);
        }
        assertThat(process(place, this::succeed)).isEqualTo(Ending.DONE);
        assertThat(worked).hasValue(1);
        assertThat(facts(MAX_ATTEMPTS + 4)).contains(changed(RunState.RUN_STATE_SUCCEEDED, MAX_ATTEMPTS + 2, ""));
    }

    private List<Message> succeed(RunRequested asked, Workspace workspace) {
        worked.incrementAndGet();
        return List.of(checkpoint);
    }

    @Test
    void aCancelledRequestThatWaitsEndsAtOnce() throws Exception {
        cancelled.add(new Asked(runId, 0));
        RecordMetadata place = request();
        assertThat(process(place, this::succeed)).isEqualTo(Ending.DONE);
        assertThat(worked).hasValue(0);
        assertThat(facts(1)).containsExactly(changed(RunState.RUN_STATE_CANCELLED, 0, ""));
        awaitCommitted(place);
    }

    @Test
    void aRequestThatIsCancelledAtWorkStopsAndLeavesASnapshotForARetry() throws Exception {
        RecordMetadata place = request();
        process(place, (asked, workspace) -> {
            assertThat(workspace.stopRequested()).isFalse();
            cancelled.add(new Asked(runId, 0));
            assertThat(workspace.stopRequested()).isTrue();
            workspace.snapshots().save(7, Files.writeString(folder.resolve("kept"), "seven steps"));
            throw new RunStoppedException("told to");
        });
        assertThat(facts(2)).contains(changed(RunState.RUN_STATE_CANCELLED, 1, ""));
        awaitCommitted(place);
        process(retry(1), (asked, workspace) -> {
            assertThat(workspace.stopRequested()).isFalse();
            assertThat(workspace.snapshots().fetchNewestFirst())
                    .map(Files::readString)
                    .containsExactly("seven steps");
            return List.of(checkpoint);
        });
        assertThat(facts(5))
                .contains(ofRetry(1, RunState.RUN_STATE_STARTED, 1), ofRetry(1, RunState.RUN_STATE_SUCCEEDED, 1));
    }

    @Test
    void aCancellationThatComesTooLateChangesNothing() throws Exception {
        process(request(), (asked, workspace) -> {
            cancelled.add(new Asked(runId, 0));
            return succeed(asked, workspace);
        });
        RecordMetadata again = request();
        process(again, this::succeed);
        awaitCommitted(again);
        assertThat(facts(3))
                .contains(changed(RunState.RUN_STATE_SUCCEEDED, 1, ""))
                .hasSize(3);
    }

    @Test
    void aFailedRunThatIsAskedForAgainGetsAllItsAttempts() throws Exception {
        StageWorker failing = (asked, workspace) -> {
            worked.incrementAndGet();
            throw new IllegalStateException("on purpose");
        };
        process(request(), failing);
        RecordMetadata place = retry(1);
        process(place, failing);
        assertThat(worked).hasValue(2 * MAX_ATTEMPTS);
        awaitCommitted(place);
        assertThat(facts(8))
                .filteredOn(RunChanged.class::isInstance)
                .contains(ofRetry(1, RunState.RUN_STATE_STARTED, 1), ofRetry(1, RunState.RUN_STATE_RESUMED, 2));
    }

    /** Two triggers said it. */
    @Test
    void aRunThatIsRequestedTwiceFailsOnce() throws Exception {
        StageWorker rejecting = (asked, workspace) -> {
            worked.incrementAndGet();
            throw new RunRejectedException("nothing can be read");
        };
        process(request(), rejecting);
        RecordMetadata again = request();
        assertThat(process(again, rejecting)).isEqualTo(Ending.DONE);
        awaitCommitted(again);
        assertThat(worked).hasValue(1);
        assertThat(facts(3)).hasSize(3);
    }

    private RecordMetadata request() throws Exception {
        return retry(0);
    }

    private RecordMetadata retry(int number) throws Exception {
        return KAFKA.send(
                Facts.record(new Fact(request.toBuilder().setRetry(number).build(), source, NOON)));
    }

    private RunChanged ofRetry(int retry, RunState state, int attempt) {
        return changed(state, attempt, "").toBuilder().setRetry(retry).build();
    }

    /** Takes the request as a member of the group and processes it, as a worker that does nothing else. */
    private Ending process(RecordMetadata place, StageWorker stage) throws InterruptedException {
        try (Consumer<String, byte[]> worker = KAFKA.worker(group, place.topic());
                GroupCommit commit = new GroupCommit(log)) {
            ConsumerRecord<String, byte[]> taken = KAFKA.take(worker, place);
            TopicPartition partition = new TopicPartition(taken.topic(), taken.partition());
            RunProtocol protocol = protocol(commit, stage);
            Lease lease = lease(partition, taken.offset(), worker);
            protocol.take(taken, lease);
            return protocol.process(taken, lease);
        }
    }

    private RunProtocol protocol(GroupCommit commit, StageWorker stage) {
        return new RunProtocol(
                new RunProtocol.Settings("pretrainer", "worker-1", MAX_ATTEMPTS, folder),
                new RunProtocol.Surroundings(
                        store,
                        commit,
                        new TopicIds(KAFKA.client()),
                        stage,
                        progress -> {},
                        shuttingDown::get,
                        cancelled::contains,
                        TracerProvider.noop().get("test"),
                        new SnapshotAges(Clock.systemUTC())));
    }

    private Lease lease(TopicPartition partition, long offset, Consumer<?, ?> worker) {
        ConsumerGroupMetadata standing = worker.groupMetadata();
        return new Lease() {
            @Override
            public TopicPartition partition() {
                return partition;
            }

            @Override
            public long offset() {
                return offset;
            }

            @Override
            public boolean isHeld() {
                return !leaseLost.get();
            }

            @Override
            public Optional<ConsumedRequest> request() {
                return leaseLost.get()
                        ? Optional.empty()
                        : Optional.of(new ConsumedRequest(partition, offset, standing));
            }
        };
    }

    private RunChanged changed(RunState state, int attempt, String message) {
        return RunChanged.newBuilder()
                .setRunId(runId)
                .setTask(Birds.TASK)
                .setStage(Stage.STAGE_PRETRAIN)
                .setState(state)
                .setAttempt(attempt)
                .setWorker("worker-1")
                .setMessage(message)
                .setParent("p")
                .setDataset("d")
                .build();
    }

    private static DeadLettered letterIn(List<Message> facts) {
        return (DeadLettered) facts.stream()
                .filter(DeadLettered.class::isInstance)
                .findFirst()
                .orElseThrow();
    }

    private void awaitCommitted(RecordMetadata place) {
        KAFKA.awaitCommitted(group, place);
    }

    /** The facts that were said in this test, once there are at least as many. */
    private List<Message> facts(int number) {
        return KAFKA.committedFacts(source, List.of(Topic.RUNS, Topic.CHECKPOINTS, Topic.DEAD_LETTERS), number).stream()
                .map(Fact::payload)
                .toList();
    }
}
