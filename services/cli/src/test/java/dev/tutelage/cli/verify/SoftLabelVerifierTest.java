package dev.tutelage.cli.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.Message;
import dev.tutelage.cli.machine.LoneMachine;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.verify.Finding.Kind;
import dev.tutelage.event.Fact;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ArtifactsExpired;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.Facts;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A clean set of soft labels on a real broker and store, broken in each way that there is. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SoftLabelVerifierTest {
    private static final Duration SETTLING = Duration.ofMillis(200);

    private Path state;
    private Machine machine;
    private ArtifactStore store;
    private FactLog log;
    private Admin admin;
    private LabeledTask task;

    @BeforeAll
    void startMachine(@TempDir Path directory) throws Exception {
        state = directory.resolve("state");
        machine = Machine.start(LoneMachine.withoutServices(state), status -> {});
        store = machine.artifactStore();
        log = new FactLog(machine.kafka(), "/tutelage/test", "verify-test", Clock.systemUTC());
        admin = Admin.create(machine.kafka());
    }

    @AfterAll
    void stopMachine() {
        admin.close(Duration.ZERO);
        log.close();
        machine.close();
    }

    /** Each test has a task of its own, with a shard that is as it should be. */
    @BeforeEach
    void beginTask(TestInfo test) throws Exception {
        task = task(test.getTestMethod().orElseThrow().getName());
        task.labeledShard("good", "better");
    }

    private LabeledTask task(String name) throws Exception {
        return new LabeledTask(name, store, log, admin);
    }

    @Test
    void whatIsWellOrToldIsClean() throws Exception {
        RunRequested withBadImages = task.request(task.shard("a", "poison", "b", "a"));
        SoftLabelsAdded labels = task.labels(withBadImages, "a", "b", "a").toBuilder()
                .setRejected(1)
                .build();
        task.end(withBadImages, labels, task.letter(withBadImages, "1-poison"));
        RunRequested bad = task.request(task.shard("poison"));
        task.say(task.changed(bad, RunState.RUN_STATE_FAILED), task.letter(bad, "0-poison"));
        task.consumeRequests();

        Verification found = verify();
        assertThat(found.findings()).isEmpty();
        assertThat(found.clean()).isTrue();
        assertThat(found.teachers())
                .containsExactly(new TeacherReport(task.name, task.teacher, 3, 2, 1, 0, 5, 1, List.of()));
        assertThat(command("--task", task.name)).isZero();
        assertThat(command("--task", task.name, "--json", "--wait", "1s")).isZero();
    }

    @Test
    void aListThatIsCutTellsOfAllThatWereLeftOut() throws Exception {
        RunRequested run = task.request(task.shard("a", "bad", "worse", "worst"));
        RejectedItem cut =
                RejectedItem.newBuilder().setReason("2 more were left out").build();
        SoftLabelsAdded labels =
                task.labels(run, "a").toBuilder().setRejected(3).build();
        task.end(
                run,
                labels,
                task.letter(run, "1-bad").toBuilder().addRejected(cut).build());
        assertThat(verify().findings()).isEmpty();
    }

    @Test
    void ofADamagedShardTheRestNeedsNoLabels() throws Exception {
        RunRequested run = task.request(task.shard("a", "b", "c"));
        task.end(run, task.labels(run, "a"), task.letter(run, ""));
        assertThat(verify().findings()).isEmpty();
    }

    @Test
    void labelsThatHaveExpiredAreNotMissed() throws Exception {
        SoftLabelsAdded labels = task.labeledShard("a", "b");
        store.remove(new Digest(labels.getLogits().getDigest()));
        assertThat(only(Kind.CORRUPT).problem()).contains("no such object");
        task.say(ArtifactsExpired.newBuilder()
                .setTask(task.name)
                .setCheckpoint(task.teacher)
                .addArtifacts(labels.getLogits())
                .build());
        assertThat(verify().findings()).isEmpty();
    }

    @Test
    void aShardThatIsDoneWithoutLabelsIsMissing() throws Exception {
        ShardAdded shard = task.shard("a");
        RunRequested run = task.request(shard);
        task.say(task.changed(run, RunState.RUN_STATE_STARTED));
        task.consumeRequests();
        Finding finding = only(Kind.MISSING);
        assertThat(finding.about()).isEqualTo("shard " + shard.getShard().getDigest());
        assertThat(finding.where()).hasSize(2);
        assertThat(finding.where().get(0)).matches("tutelage\\.shards-0@\\d+");
        assertThat(finding.where().get(1)).matches("tutelage\\.label-requests-\\d@\\d+ of run " + run.getRunId());
        assertThat(finding.problem()).contains("neither soft labels nor a failure");
        assertThat(command("--task", task.name)).isEqualTo(1);
    }

    @Test
    void aShardThatNobodyAskedForIsMissing() throws Exception {
        task.shard("a");
        assertThat(only(Kind.MISSING).problem()).contains("never asked");
    }

    @Test
    void aCancelledShardIsDealtWith() throws Exception {
        RunRequested run = task.request(task.shard("a"));
        task.say(task.changed(run, RunState.RUN_STATE_CANCELLED));
        task.consumeRequests();
        Verification found = verify();
        assertThat(found.findings()).isEmpty();
        assertThat(found.teachers()).singleElement().satisfies(report -> assertThat(report.failed())
                .isEqualTo(1));
    }

    @Test
    void aShardThatIsAskedForAgainIsPendingThenLabeled() throws Exception {
        RunRequested run = task.request(task.shard("a"));
        task.say(task.changed(run, RunState.RUN_STATE_FAILED), task.letter(run, "0-a"));
        task.consumeRequests();
        RunRequested again = run.toBuilder().setRetry(1).build();
        task.say(
                again,
                task.changed(run, RunState.RUN_STATE_REQUESTED).toBuilder()
                        .setRetry(1)
                        .build());
        Verification waiting = verify();
        assertThat(waiting.findings()).isEmpty();
        assertThat(waiting.pending()).isEqualTo(1);
        task.say(
                task.labels(run, "a"),
                task.changed(run, RunState.RUN_STATE_SUCCEEDED).toBuilder()
                        .setRetry(1)
                        .build());
        task.consumeRequests();
        Verification done = verify();
        assertThat(done.findings()).isEmpty();
        assertThat(done.pending()).isZero();
        assertThat(done.teachers()).singleElement().satisfies(report -> assertThat(report.labeled())
                .isEqualTo(2));
    }

    @Test
    void whatIsRequestedIsPendingAndCanBeWaitedFor() throws Exception {
        RunRequested run = task.request(task.shard("a"));
        task.storeOutcome(run, task.labels(run, "a"));
        Verification found = verify();
        assertThat(found.clean()).isTrue();
        assertThat(found.pending()).isEqualTo(1);
        assertThat(command("--task", task.name)).isZero();
        assertThat(command("--task", task.name, "--wait", "1s")).isEqualTo(1);

        CompletableFuture<Verification> waiting = verifyBeside();
        task.end(run, task.labels(run, "a"));
        Verification later = waiting.get(60, TimeUnit.SECONDS);
        assertThat(later.findings()).isEmpty();
        assertThat(later.pending()).isZero();
    }

    /** The broker says that a request is done before readers see that what ended it is committed. */
    @Test
    void whatIsAboutToBeSeenIsNotMissed() throws Exception {
        RunRequested run = task.request(task.shard("a"));
        SoftLabelsAdded labels = task.labels(run, "a");
        task.storeOutcome(run, labels);
        Map<String, Object> kafka = new HashMap<>(machine.kafka());
        kafka.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, task.name);
        try (Producer<String, byte[]> labeler =
                new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer())) {
            labeler.initTransactions();
            labeler.beginTransaction();
            for (Message fact : List.of(labels, task.changed(run, RunState.RUN_STATE_SUCCEEDED))) {
                labeler.send(Facts.record(new Fact(fact, "/tutelage/test", Instant.EPOCH)))
                        .get();
            }
            task.consumeRequests();
            CompletableFuture<Verification> waiting = verifyBeside();
            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> waiting.get(10 * SETTLING.toMillis(), TimeUnit.MILLISECONDS));
            labeler.commitTransaction();
            Verification found = waiting.get(60, TimeUnit.SECONDS);
            assertThat(found.findings()).isEmpty();
            assertThat(found.pending()).isZero();
        }
    }

    @Test
    void anImageWithoutLabelsIsMissing() throws Exception {
        RunRequested run = task.request(task.shard("a", "b", "c"));
        task.end(run, task.labels(run, "a", "c"));
        Finding finding = only(Kind.MISSING);
        assertThat(finding.problem()).endsWith("no dead letter says why: 1-b");
        assertThat(finding.where()).hasSize(2);
    }

    @Test
    void aFactThatIsSaidTwiceIsDuplicate() throws Exception {
        task.say(task.labeledShard("a"));
        Finding finding = only(Kind.DUPLICATE);
        assertThat(finding.where()).hasSize(2).allMatch(where -> where.matches("tutelage\\.soft-labels-0@\\d+"));
    }

    @Test
    void anImageThatIsLabeledTwiceIsDuplicate() throws Exception {
        RunRequested run = task.request(task.shard("a", "b"));
        task.end(run, task.labels(run, "a", "b", "b"));
        assertThat(only(Kind.DUPLICATE).problem()).contains(LabeledTask.digest("b"));
    }

    @Test
    void labelsOfAnUnknownShardAreOrphaned() throws Exception {
        ShardAdded known = task.shard("a");
        SoftLabelsAdded labels = task.labels(task.run(known), "a").toBuilder()
                .setShard(LabeledTask.digest("unknown"))
                .build();
        RunRequested run = task.request(known);
        task.end(run, task.labels(run, "a"), labels);
        assertThat(only(Kind.ORPHANED).problem())
                .isEqualTo("shard " + LabeledTask.digest("unknown") + " was never added to the task");
    }

    @Test
    void labelsByAnUnknownTeacherAreOrphaned() throws Exception {
        String stranger = LabeledTask.digest("stranger");
        ShardAdded shard = task.shard("a");
        RunRequested run = task.request(shard);
        RunRequested ofStranger = task.run(shard).toBuilder()
                .setRunId("label-of-a-stranger")
                .setParent(stranger)
                .build();
        task.say(ofStranger, task.changed(ofStranger, RunState.RUN_STATE_REQUESTED));
        task.end(ofStranger, task.labels(ofStranger, "a"));
        task.end(run, task.labels(run, "a"));
        assertThat(only(Kind.ORPHANED).problem())
                .isEqualTo("checkpoint " + stranger + " was never published for the task");
    }

    @Test
    void labelsOfAnUnknownRunAreOrphaned() throws Exception {
        ShardAdded shard = task.shard("a");
        task.say(task.labels(task.run(shard), "a"));
        assertThat(only(Kind.ORPHANED).problem()).contains("was never requested");
    }

    @Test
    void labelsOfARunThatHasNotSucceededAreOrphaned() throws Exception {
        RunRequested run = task.request(task.shard("a"));
        SoftLabelsAdded labels = task.labels(run, "a");
        task.say(labels);
        task.consumeRequests();
        assertThat(only(Kind.ORPHANED).problem()).contains("has not succeeded");

        task.storeOutcome(run, labels);
        assertThat(verify().findings()).as("compaction has taken its success").isEmpty();
    }

    @Test
    void anOutcomeThatWasNeverSaidIsOrphaned() throws Exception {
        RunRequested run = task.request(task.shard("a"));
        task.storeOutcome(run, task.labels(run, "a"));
        task.consumeRequests();
        assertThat(only(Kind.ORPHANED).where()).contains("runs/" + run.getRunId() + "/outcome");
    }

    @Test
    void labelsWhoseObjectIsGoneAreCorrupt() throws Exception {
        SoftLabelsAdded labels = task.labeledShard("a");
        store.removeNamed(LabeledTask.objectOf(labels.getLogits()));
        Finding finding = only(Kind.CORRUPT);
        assertThat(finding.problem()).contains("no such object");
        assertThat(finding.where()).contains(LabeledTask.objectOf(labels.getLogits()));
    }

    @Test
    void labelsWhoseObjectIsOverwrittenAreCorrupt() throws Exception {
        SoftLabelsAdded labels = task.labeledShard("a");
        store.putNamed(LabeledTask.objectOf(labels.getLogits()), "other bytes".getBytes(UTF_8));
        assertThat(only(Kind.CORRUPT).problem()).contains("instead of the one in its name");
    }

    @Test
    void labelsOfAnotherSizeAreCorrupt() throws Exception {
        RunRequested run = task.request(task.shard("a"));
        SoftLabelsAdded labels = task.labels(run, "a");
        Artifact larger = labels.getLogits().toBuilder()
                .setSize(labels.getLogits().getSize() + 1)
                .build();
        task.end(run, labels.toBuilder().setLogits(larger).build());
        assertThat(only(Kind.CORRUPT).problem()).contains("bytes, the fact says");
    }

    @Test
    void bytesThatAreNoLabelsAreCorrupt() throws Exception {
        RunRequested run = task.request(task.shard("a"));
        task.end(run, task.labels(run, store.put("no labels".getBytes(UTF_8), "x"), 1));
        assertThat(only(Kind.CORRUPT).problem()).startsWith("the object is torn or no safetensors file");
    }

    @Test
    void labelsThatSayTheyAreOfAnotherShardTeacherOrTaskAreCorrupt() throws Exception {
        String other = LabeledTask.digest("other");
        RunRequested run = task.request(task.shard("a"));
        List<String> images = List.of(LabeledTask.digest("a"));
        String shard = run.getDataset().getDigest();
        task.end(run, task.labels(run, new SoftLabelFile(task.teacher, other, 2, images), 1));
        assertThat(only(Kind.CORRUPT).problem()).startsWith("the shard is " + other);

        LabeledTask second = task(task.name + "2");
        run = second.request(second.shard("a"));
        second.end(run, second.labels(run, new SoftLabelFile(task.teacher, shard, 2, images), 1));
        assertThat(only(second, Kind.CORRUPT).problem()).startsWith("the teacher is " + task.teacher);

        LabeledTask third = task(task.name + "3");
        run = third.request(third.shard("a"));
        third.end(run, third.labels(run, new SoftLabelFile(third.teacher, shard, 7, images), 1));
        assertThat(only(third, Kind.CORRUPT).problem())
                .isEqualTo("the number of classes is 7 in the file, but 2 in the topics");
    }

    @Test
    void labelsOfOtherImagesAreCorrupt() throws Exception {
        RunRequested run = task.request(task.shard("a", "b"));
        task.end(run, task.labels(run, "a", "c"));
        assertThat(only(Kind.CORRUPT).problem())
                .isEqualTo("it labels images that the shard does not have: " + LabeledTask.digest("c"));
    }

    @Test
    void labelsInAnotherOrderAreCorrupt() throws Exception {
        RunRequested run = task.request(task.shard("a", "b"));
        task.end(run, task.labels(run, "b", "a"));
        assertThat(only(Kind.CORRUPT).problem()).contains("not in the shard's order");
    }

    @Test
    void countsThatDifferFromTheFactAreCorrupt() throws Exception {
        RunRequested run = task.request(task.shard("a", "b"));
        task.end(run, task.labels(run, task.file(run, "a", "b"), 3));
        assertThat(only(Kind.CORRUPT).problem())
                .isEqualTo("the number of images is 2 in the file, but 3 in the topics");
    }

    @Test
    void aShardWhoseObjectIsGoneIsCorrupt() throws Exception {
        RunRequested run = task.request(task.shard("a", "b"));
        task.end(run, task.labels(run, "a", "b"));
        store.removeNamed(LabeledTask.objectOf(run.getDataset()));
        Finding finding = only(Kind.CORRUPT);
        assertThat(finding.where()).contains(LabeledTask.objectOf(run.getDataset()));
        assertThat(finding.problem()).startsWith("the shard's bytes");
    }

    @Test
    void whatCannotBeDoneIsSaid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> verifier().verify(Optional.of("nobody's"), Duration.ZERO))
                .withMessageContaining("No task 'nobody's' is declared; there are")
                .withMessageContaining(task.name);
        assertThat(command("--task", "nobody's")).isEqualTo(2);
        assertThat(command("--wait", "long")).isEqualTo(2);
        assertThat(command("--wait", "-1s")).isEqualTo(2);
        assertThat(new CommandLine(new VerifyCommand()).execute("soft-labels", "--state", "nowhere"))
                .isEqualTo(1);
    }

    private SoftLabelVerifier verifier() {
        return new SoftLabelVerifier(machine.kafka(), store, SETTLING);
    }

    private Verification verify() throws Exception {
        return verify(Duration.ZERO);
    }

    private Verification verify(Duration wait) throws Exception {
        return verifier().verify(Optional.of(task.name), wait);
    }

    private CompletableFuture<Verification> verifyBeside() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return verify(Duration.ofSeconds(60));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** The one finding there is. */
    private Finding only(Kind kind) throws Exception {
        return only(task, kind);
    }

    private Finding only(LabeledTask of, Kind kind) throws Exception {
        Verification found = verifier().verify(Optional.of(of.name), Duration.ZERO);
        assertThat(found.clean()).isFalse();
        assertThat(found.findings()).hasSize(1);
        Finding finding = found.findings().get(0);
        assertThat(finding.kind()).isEqualTo(kind);
        assertThat(finding.task()).isEqualTo(of.name);
        assertThat(finding.remedy()).isNotEmpty();
        return finding;
    }

    private int command(String... arguments) {
        CommandLine command = new CommandLine(new VerifyCommand());
        String[] all = new String[arguments.length + 3];
        all[0] = "soft-labels";
        all[1] = "--state";
        all[2] = state.toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return command.execute(all);
    }
}
