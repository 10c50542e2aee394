package dev.tutelage.cli.gc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import dev.tutelage.cli.machine.LoneMachine;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.event.EventRecord;
import dev.tutelage.event.Fact;
import dev.tutelage.event.FactCodec;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ArtifactsExpired;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.OutcomeFact;
import dev.tutelage.event.v1.Retention;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunOutcome;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A long life on a real broker and store, and what housekeeping leaves of it. Time passes by other clocks, not by waiting. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HousekeepingTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Retention STRICT = Retention.newBuilder()
            .setCheckpoints(1)
            .setSoftLabelsMillis(Duration.ofDays(30).toMillis())
            .build();

    private Path state;
    private Machine machine;
    private ArtifactStore store;
    private FactLog log;

    @BeforeAll
    void startMachine(@TempDir Path directory) throws Exception {
        state = directory.resolve("state");
        machine = Machine.start(LoneMachine.withoutServices(state), status -> {});
        store = machine.artifactStore();
        log = new FactLog(machine.kafka(), "/tutelage/test", "gc-test", Clock.systemUTC());
    }

    @AfterAll
    void stopMachine() {
        log.close();
        machine.close();
    }

    private AgingTask task(String name, Retention retention) throws Exception {
        return new AgingTask(name, retention, store, log);
    }

    @Test
    void whatNothingNamesIsRemovedOnceItIsOld() throws Exception {
        AgingTask task = task("unnamed", Retention.getDefaultInstance());
        ShardAdded shard = task.shard();
        Artifact garbage = task.bytes("garbage");

        assertThat(collect(Duration.ZERO, true).of(Kind.UNNAMED).objects())
                .as("all of it is young")
                .isZero();
        GcReport dry = collect(HOUR.multipliedBy(2), false);
        assertThat(dry.of(Kind.UNNAMED).objects()).isPositive();
        assertThat(dry.of(Kind.UNNAMED).removed()).isZero();
        assertThat(store.isStored(garbage)).isTrue();

        GcReport wet = collect(HOUR.multipliedBy(2), true);
        assertThat(wet.of(Kind.UNNAMED).removed())
                .isEqualTo(dry.of(Kind.UNNAMED).objects());
        assertThat(wet.of(Kind.UNNAMED).removedBytes())
                .isEqualTo(dry.of(Kind.UNNAMED).bytes());
        assertThat(store.isStored(garbage)).isFalse();
        assertThat(store.isStored(shard.getShard())).isTrue();
        assertThat(collect(HOUR.multipliedBy(2), true).of(Kind.UNNAMED).objects())
                .isZero();
    }

    @Test
    void whatWillBeSaidOrReplayedIsKept() throws Exception {
        AgingTask task = task("to-be-said", Retention.getDefaultInstance());
        Artifact unsaid = task.bytes("soft-labels.safetensors");
        store.putNamed(
                "runs/label-unsaid/outcome",
                RunOutcome.newBuilder()
                        .addFacts(OutcomeFact.newBuilder()
                                .setSoftLabelsAdded(SoftLabelsAdded.newBuilder().setLogits(unsaid)))
                        .build()
                        .toByteArray());
        Artifact inLetter = task.bytes("dataset.json");
        task.say(letterAbout(inLetter));
        Artifact inManifest = task.bytes("shard.tar");
        task.request(
                Stage.STAGE_PRETRAIN,
                "",
                List.of(ShardAdded.newBuilder().setShard(inManifest).build()),
                List.of());

        collect(HOUR.multipliedBy(2), true);
        assertThat(List.of(unsaid, inLetter, inManifest)).allMatch(store::isStored);
    }

    private static DeadLettered letterAbout(Artifact dataset) {
        EventRecord request = FactCodec.encode(new Fact(
                RunRequested.newBuilder()
                        .setRunId("refused")
                        .setStage(Stage.STAGE_PRETRAIN)
                        .setDataset(dataset)
                        .build(),
                "/tutelage/test",
                Instant.EPOCH));
        Map<String, ByteString> headers = request.headers().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, header -> ByteString.copyFromUtf8(header.getValue())));
        return DeadLettered.newBuilder()
                .setSourceTopic(request.topic())
                .setKey(ByteString.copyFromUtf8("refused"))
                .putAllHeaders(headers)
                .setValue(request.value())
                .build();
    }

    @Test
    void bytesThatAreStoredAgainAreYoungAgainAndSpared() throws Exception {
        byte[] bytes = "somebody else has stored them, long ago".getBytes(UTF_8);
        String object =
                ArtifactStore.objectName(new Digest(store.put(bytes, "bytes").getDigest()));
        Instant before = Instant.now().minus(HOUR);
        Files.setLastModifiedTime(state.resolve("s3/tutelage").resolve(object), FileTime.from(before.minus(HOUR)));
        assertThat(store.look(object).orElseThrow().modified()).isBefore(before);

        store.put(bytes, "bytes");
        GcReport.Tally tally = new GcReport.Tally();
        new Removal(store, before, true, tally).remove(Kind.UNNAMED, object, bytes.length);
        assertThat(tally.report(true).of(Kind.UNNAMED).spared()).isEqualTo(1);
        assertThat(store.look(object)).isPresent();
    }

    @Test
    void runsAtTheirEndLoseTheirSnapshotsAndNotesButNotTheirOutcome() throws Exception {
        AgingTask task = task("ended", Retention.getDefaultInstance());
        RunRequested ended = task.request(Stage.STAGE_PRETRAIN, "", List.of(), List.of());
        task.end(ended);
        RunRequested open = task.request(Stage.STAGE_PRETRAIN, "ab", List.of(), List.of());
        task.leave(open);
        List<String> ofOpen = store.list("runs/" + open.getRunId());

        collect(Duration.ofMinutes(59), true);
        assertThat(store.list("runs/" + ended.getRunId())).hasSize(3);
        collect(Duration.ofMinutes(61), true);
        assertThat(store.list("runs/" + ended.getRunId())).containsExactly("runs/" + ended.getRunId() + "/outcome");
        assertThat(store.list("runs/" + open.getRunId())).isEqualTo(ofOpen).hasSize(3);
    }

    @Test
    void supersededCheckpointsExpireAndNothingThatAPromotionNeeds() throws Exception {
        AgingTask task = task("superseded", STRICT);
        CheckpointPublished unused = task.train(Stage.STAGE_PRETRAIN, "");
        CheckpointPublished ancestorOfKept = task.train(Stage.STAGE_PRETRAIN, "");
        CheckpointPublished ancestor = task.train(Stage.STAGE_PRETRAIN, "");
        CheckpointPublished newestPretrained = task.train(Stage.STAGE_PRETRAIN, "");
        CheckpointPublished teacher = task.train(Stage.STAGE_FINE_TUNE, ancestor.getDigest());
        task.promote(Role.ROLE_TEACHER, teacher);
        CheckpointPublished rejected = task.train(Stage.STAGE_FINE_TUNE, newestPretrained.getDigest());
        CheckpointPublished awaiting = task.train(Stage.STAGE_FINE_TUNE, newestPretrained.getDigest());
        CheckpointPublished kept = task.train(Stage.STAGE_FINE_TUNE, ancestorOfKept.getDigest());
        CheckpointPublished unjudged = task.train(Stage.STAGE_FINE_TUNE, newestPretrained.getDigest());
        task.judge(Role.ROLE_TEACHER, rejected, Verdict.VERDICT_REJECTED);
        task.judge(Role.ROLE_TEACHER, awaiting, Verdict.VERDICT_AWAITING_APPROVAL);
        task.judge(Role.ROLE_TEACHER, kept, Verdict.VERDICT_REJECTED);

        collect(HOUR.multipliedBy(2), true, "superseded");
        assertThat(List.of(ancestorOfKept, ancestor, newestPretrained, teacher, awaiting, kept, unjudged))
                .flatExtracting(CheckpointPublished::getFilesList)
                .allMatch(store::isStored);
        assertThat(List.of(unused, rejected))
                .flatExtracting(CheckpointPublished::getFilesList)
                .noneMatch(store::isStored);
        assertThat(expirations("superseded"))
                .extracting(ArtifactsExpired::getCheckpoint)
                .containsExactlyInAnyOrder(unused.getDigest(), rejected.getDigest());
        collect(HOUR.multipliedBy(2), true, "superseded");
        assertThat(expirations("superseded")).as("said once").hasSize(2);
    }

    @Test
    void softLabelsOfALostTeacherExpireButForThoseThatAStudentLearnedFrom() throws Exception {
        AgingTask task = task("labels", STRICT);
        ShardAdded one = task.shard();
        ShardAdded two = task.shard();
        CheckpointPublished pretrained = task.train(Stage.STAGE_PRETRAIN, "");
        CheckpointPublished lost = task.train(Stage.STAGE_FINE_TUNE, pretrained.getDigest());
        task.promote(Role.ROLE_TEACHER, lost);
        SoftLabelsAdded learned = task.labels(one, lost);
        SoftLabelsAdded spare = task.labels(two, lost);
        CheckpointPublished student =
                task.end(task.request(Stage.STAGE_DISTILL, lost.getDigest(), List.of(one), List.of(learned)));
        task.promote(Role.ROLE_STUDENT, student);
        CheckpointPublished teacher = task.train(Stage.STAGE_FINE_TUNE, pretrained.getDigest());
        task.promote(Role.ROLE_TEACHER, teacher);
        SoftLabelsAdded ofTheDay = task.labels(two, teacher);

        collect(Duration.ofDays(29), true, "labels");
        assertThat(store.isStored(spare.getLogits())).isTrue();
        GcReport dry = collect(Duration.ofDays(31), false, "labels");
        assertThat(dry.of(Kind.SOFT_LABELS).objects()).isEqualTo(1);
        assertThat(expirations("labels")).isEmpty();
        atOnce(() -> collect(Duration.ofDays(31), true, "labels"), 2);
        assertThat(store.isStored(spare.getLogits())).isFalse();
        assertThat(List.of(learned, ofTheDay))
                .extracting(SoftLabelsAdded::getLogits)
                .allMatch(store::isStored);
        assertThat(expirations("labels")).isNotEmpty().allSatisfy(said -> {
            assertThat(said.getCheckpoint()).isEqualTo(lost.getDigest());
            assertThat(said.getArtifactsList()).containsExactly(spare.getLogits());
            assertThat(said.getReason()).contains("lost its role");
        });
        assertThat(collect(Duration.ofDays(31), true, "labels")
                        .of(Kind.SOFT_LABELS)
                        .objects())
                .isZero();
    }

    @Test
    void withoutAManifestThatAPromotionNeedsNothingIsRemoved() throws Exception {
        AgingTask task = task("torn", STRICT);
        RunRequested run = task.request(Stage.STAGE_FINE_TUNE, "", List.of(task.shard()), List.of());
        CheckpointPublished teacher = task.end(run);
        task.promote(Role.ROLE_TEACHER, teacher);
        Artifact garbage = task.bytes("garbage");
        byte[] manifest = read(run.getDataset());
        store.remove(new Digest(run.getDataset().getDigest()));
        try {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> collect(HOUR.multipliedBy(2), true))
                    .withMessageContaining(run.getDataset().getDigest())
                    .withMessageContaining("Restore it");
            assertThat(store.isStored(garbage)).isTrue();
        } finally {
            // The other tests have the same store.
            store.put(manifest, "dataset.json");
        }
    }

    private byte[] read(Artifact artifact) {
        return store.readNamed(ArtifactStore.objectName(new Digest(artifact.getDigest())))
                .orElseThrow();
    }

    @Test
    void theCommandTellsWhatItFinds() throws Exception {
        task("commanded", Retention.getDefaultInstance());
        assertThat(command("--task", "commanded")).isZero();
        assertThat(command("--task", "commanded", "--json", "--delete")).isZero();
        assertThat(command("--task", "no-such-task")).isEqualTo(2);
        assertThat(command("--grace", "soon")).isEqualTo(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> collect(HOUR, false, "no-such-task"))
                .withMessageContaining("no-such-task");
    }

    private int command(String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--state", state.toString()));
        return new CommandLine(new GcCommand()).execute(all.toArray(new String[0]));
    }

    private GcReport collect(Duration later, boolean delete) throws Exception {
        return collect(later, delete, Optional.empty());
    }

    private GcReport collect(Duration later, boolean delete, String task) throws Exception {
        return collect(later, delete, Optional.of(task));
    }

    private GcReport collect(Duration later, boolean delete, Optional<String> task) throws Exception {
        return new Housekeeping(machine.kafka(), store, Clock.offset(Clock.systemUTC(), later))
                .run(new Housekeeping.Order(task, delete, Duration.ofMinutes(50)));
    }

    private static void atOnce(Callable<GcReport> work, int times) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(times);
        try {
            List<Future<GcReport>> all = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                all.add(threads.submit(work));
            }
            for (Future<GcReport> each : all) {
                assertThat(each.get().errors()).isEmpty();
            }
        } finally {
            threads.shutdown();
        }
    }

    private List<ArtifactsExpired> expirations(String task) {
        List<ArtifactsExpired> found = new ArrayList<>();
        try (FactReader reader = new FactReader(machine.kafka(), List.of(Topic.EXPIRATIONS))) {
            reader.readToEnd(
                    placed -> found.add((ArtifactsExpired) placed.fact().payload()));
        }
        return found.stream().filter(fact -> fact.getTask().equals(task)).toList();
    }
}
