package dev.tutelage.cli.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tutelage.cli.machine.LoneMachine;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.verify.Finding.Kind;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.PairedComparison;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.PromotionKind;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.FactLog;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A clean task on a real broker and store, broken in each way that there is. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SystemVerifierTest {
    private static final Duration SETTLING = Duration.ofMillis(200);

    private Path state;
    private Machine machine;
    private ArtifactStore store;
    private FactLog log;
    private Admin admin;
    private TrainedTask task;
    private CheckpointPublished first;

    @BeforeAll
    void startMachine(@TempDir Path directory) throws Exception {
        state = directory.resolve("state");
        machine = Machine.start(LoneMachine.withoutServices(state), status -> {});
        store = machine.artifactStore();
        log = new FactLog(machine.kafka(), "/tutelage/test", "system-verify-test", Clock.systemUTC());
        admin = Admin.create(machine.kafka());
    }

    @AfterAll
    void stopMachine() {
        admin.close(Duration.ZERO);
        log.close();
        machine.close();
    }

    /** Each test has a task of its own, with a run, a checkpoint and a promotion that are as they should be. */
    @BeforeEach
    void beginTask(TestInfo test) throws Exception {
        task = new TrainedTask(test.getTestMethod().orElseThrow().getName(), store, log, admin);
        first = task.trained(task.run("first", task.shard), "weights of " + task.name);
        task.say(task.promoted(first.getDigest(), 50, "", 0));
    }

    @Test
    void whatIsWellIsClean() throws Exception {
        CheckpointPublished second = task.trained(task.run("second", task.shard), "better weights");
        Promoted better = task.promoted(second.getDigest(), 60, first.getDigest(), 50);
        task.say(better, better);
        Promoted back = Promoted.newBuilder()
                .setTask(task.name)
                .setRole(Role.ROLE_STUDENT)
                .setCheckpoint(first.getDigest())
                .setPrevious(second.getDigest())
                .setKind(PromotionKind.PROMOTION_KIND_ROLLBACK)
                .setBy("ada")
                .build();
        task.say(back);
        RunRequested failed = task.run("third", task.shard);
        RunRequested again = failed.toBuilder().setRetry(1).build();
        task.say(failed, task.changed(failed, RunState.RUN_STATE_FAILED));
        task.say(again, again, task.changed(again, RunState.RUN_STATE_CANCELLED));
        task.consumeRequests();

        SystemVerification found = verify();
        assertThat(found.findings()).isEmpty();
        assertThat(found.clean()).isTrue();
        assertThat(found.tasks()).singleElement().satisfies(report -> {
            assertThat(report.requests()).isEqualTo(4);
            assertThat(report.succeeded()).isEqualTo(2);
            assertThat(report.failed()).isEqualTo(1);
            assertThat(report.cancelled()).isEqualTo(1);
            assertThat(report.checkpoints()).isEqualTo(2);
            assertThat(report.promotions()).isEqualTo(3);
        });
        assertThat(command("--task", task.name)).isZero();
        assertThat(command("--task", task.name, "--json", "--wait", "1s")).isZero();
    }

    @Test
    void whatIsRequestedIsPending() throws Exception {
        task.say(task.run("second", task.shard));
        SystemVerification found = verify();
        assertThat(found.clean()).isTrue();
        assertThat(found.pending()).isEqualTo(1);
        assertThat(command("--task", task.name)).isZero();
        assertThat(command("--task", task.name, "--wait", "1s")).isEqualTo(1);
    }

    @Test
    void aRequestThatIsDoneWithoutAnEndIsMissing() throws Exception {
        RunRequested run = task.run("second", task.shard);
        task.say(run, task.changed(run, RunState.RUN_STATE_STARTED));
        task.consumeRequests();
        Finding finding = only(Kind.MISSING);
        assertThat(finding.about()).isEqualTo("run " + run.getRunId());
        assertThat(finding.where()).singleElement().asString().matches("tutelage\\.pretrain-requests-\\d@\\d+");
        assertThat(command("--task", task.name)).isEqualTo(1);
    }

    @Test
    void anEndThatIsSaidTwiceIsDuplicate() throws Exception {
        RunRequested run = task.run("second", task.shard);
        task.trained(run, "weights");
        task.say(task.changed(run, RunState.RUN_STATE_FAILED));
        assertThat(only(Kind.DUPLICATE).where()).hasSize(2).last().asString().endsWith(" failed");
    }

    @Test
    void anEndThatNobodyAskedForIsOrphaned() throws Exception {
        task.say(task.changed(task.run("nobody's", task.shard), RunState.RUN_STATE_SUCCEEDED));
        assertThat(only(Kind.ORPHANED).problem()).contains("never requested");
    }

    @Test
    void aTrainingThatSucceedsWithoutACheckpointIsMissingOne() throws Exception {
        RunRequested run = task.run("second", task.shard);
        task.say(run, task.changed(run, RunState.RUN_STATE_SUCCEEDED));
        assertThat(only(Kind.MISSING).problem()).contains("published 0 checkpoints");
    }

    @Test
    void aTrainingWithTwoCheckpointsHasADuplicate() throws Exception {
        RunRequested run = task.run("second", task.shard);
        task.trained(run, "weights");
        task.say(task.checkpoint(run, "other weights"));
        assertThat(only(Kind.DUPLICATE).problem()).contains("published 2 checkpoints");
    }

    @Test
    void aCheckpointOfNoRunIsOrphaned() throws Exception {
        task.say(task.checkpoint(task.run("nobody's", task.shard), "weights"));
        assertThat(only(Kind.ORPHANED).problem()).contains("was never requested");
    }

    @Test
    void aParentThatWasNeverPublishedIsTold() throws Exception {
        String stranger = LabeledTask.digest("stranger");
        RunRequested run = task.run("second", task.shard).toBuilder()
                .setStage(Stage.STAGE_FINE_TUNE)
                .setParent(stranger)
                .build();
        task.say(run);
        assertThat(only(Kind.ORPHANED).problem()).contains("its parent, checkpoint " + stranger);
    }

    @Test
    void aCheckpointWhoseBytesAreGoneOrChangedIsCorrupt() throws Exception {
        store.removeNamed(TrainedTask.objectOf(first.getFiles(1)));
        assertThat(only(Kind.CORRUPT).problem())
                .startsWith("weights.safetensors: ")
                .contains("no such object");
        store.putNamed(TrainedTask.objectOf(first.getFiles(1)), "other".getBytes(UTF_8));
        assertThat(only(Kind.CORRUPT).problem()).contains("instead of the one in its name");
    }

    @Test
    void aCheckpointWithOtherFilesThanItsManifestListsIsCorrupt() throws Exception {
        RunRequested run = task.run("second", task.shard);
        CheckpointPublished checkpoint = task.checkpoint(run, "some weights").toBuilder()
                .setFiles(1, store.put("others".getBytes(UTF_8), "weights.safetensors"))
                .build();
        task.say(run, checkpoint, task.changed(run, RunState.RUN_STATE_SUCCEEDED));
        assertThat(only(Kind.CORRUPT).problem()).startsWith("its manifest lists weights.safetensors");
    }

    @Test
    void aDatasetWhoseShardIsGoneIsCorruptUnlessItIsTold() throws Exception {
        store.removeNamed(TrainedTask.objectOf(task.shard.getShard()));
        assertThat(only(Kind.CORRUPT).problem()).startsWith("its shard.tar: the store has no such object");
        task.say(DeadLettered.newBuilder()
                .setTask(task.name)
                .setRunId(first.getRunId())
                .addRejected(RejectedItem.newBuilder()
                        .setShard(task.shard.getShard().getDigest())
                        .setReason("is not there"))
                .build());
        assertThat(verify().tasks().get(0).findings()).isEmpty();
    }

    @Test
    void aDatasetOfAnUnknownShardIsOrphaned() throws Exception {
        ShardAdded unknown = task.shard.toBuilder()
                .setShard(store.put("unknown".getBytes(UTF_8), "shard.tar"))
                .build();
        task.trained(task.run("second", task.shard, unknown), "weights");
        assertThat(only(Kind.ORPHANED).problem())
                .endsWith("shard " + unknown.getShard().getDigest());
    }

    @Test
    void aPromotionThatSkipsTheHolderIsUnfounded() throws Exception {
        CheckpointPublished second = task.trained(task.run("second", task.shard), "better weights");
        task.say(task.promoted(second.getDigest(), 60, "", 0));
        assertThat(only(Kind.UNFOUNDED).problem())
                .isEqualTo(
                        "it says that it takes the role from nobody, which checkpoint " + first.getDigest() + " held");
    }

    @Test
    void aPromotionOfAWorseCheckpointIsUnfounded() throws Exception {
        CheckpointPublished second = task.trained(task.run("second", task.shard), "worse weights");
        Promoted worse = task.promoted(second.getDigest(), 49.5, first.getDigest(), 50);
        task.say(worse);
        assertThat(only(Kind.UNFOUNDED).problem()).contains("49.50% is no better than the holder's 50.00%");
    }

    @Test
    void onTheSameImagesTheComparisonDecides() throws Exception {
        CheckpointPublished second = task.trained(task.run("second", task.shard), "other weights");
        Promoted promoted = task.promoted(second.getDigest(), 49.5, first.getDigest(), 50);
        task.say(promoted.toBuilder()
                .setEvidence(promoted.getEvidence().toBuilder()
                        .setComparison(PairedComparison.newBuilder()
                                .setCandidateOnly(9)
                                .setHolderOnly(1)))
                .build());
        assertThat(verify().tasks().get(0).findings()).isEmpty();
    }

    @Test
    void aPromotionBelowTheFloorIsUnfounded() throws Exception {
        CheckpointPublished second = task.trained(task.run("second", task.shard), "bad weights");
        Promoted promoted = task.promoted(second.getDigest(), 9, first.getDigest(), 8);
        task.say(promoted);
        assertThat(only(Kind.UNFOUNDED).problem()).contains("below the task's floor of 10.00%");
    }

    @Test
    void onceTheGateJudgesAPromotionNeedsAJudgement() throws Exception {
        CheckpointPublished second = task.trained(task.run("second", task.shard), "worse weights");
        task.say(judged(second, Verdict.VERDICT_REJECTED));
        assertThat(verify().tasks().get(0).findings())
                .as("the first promotion is older than judgements are")
                .isEmpty();
        CheckpointPublished third = task.trained(task.run("third", task.shard), "better weights");
        task.say(task.promoted(third.getDigest(), 60, first.getDigest(), 50));
        assertThat(only(Kind.UNFOUNDED).problem()).isEqualTo("no judgement of the gate says that it is promoted");
        task.say(judged(third, Verdict.VERDICT_PROMOTED));
        assertThat(verify().tasks().get(0).findings()).isEmpty();
    }

    @Test
    void aPromotionThatIsJudgedAndNotSaidIsOrphaned() throws Exception {
        CheckpointPublished second = task.trained(task.run("second", task.shard), "better weights");
        task.say(judged(second, Verdict.VERDICT_PROMOTED));
        assertThat(only(Kind.ORPHANED).problem()).contains("no promotion says so");
    }

    @Test
    void aPromotionOfAnUnknownCheckpointIsOrphaned() throws Exception {
        task.say(task.promoted(LabeledTask.digest("stranger"), 60, first.getDigest(), 50));
        assertThat(only(Kind.ORPHANED).problem()).contains("never published");
    }

    @Test
    void aTaskThatIsNotDeclaredIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> verifier().verify(Optional.of("nobody's"), Duration.ZERO))
                .withMessageContaining("No task 'nobody's' is declared");
        assertThat(command("--task", "nobody's")).isEqualTo(2);
    }

    private CandidateJudged judged(CheckpointPublished checkpoint, Verdict verdict) {
        return CandidateJudged.newBuilder()
                .setTask(task.name)
                .setRole(Role.ROLE_STUDENT)
                .setCheckpoint(checkpoint.getDigest())
                .setHolder(first.getDigest())
                .setVerdict(verdict)
                .setEvidence(GateEvidence.newBuilder().setCandidateTop1(60))
                .build();
    }

    private SystemVerifier verifier() {
        return new SystemVerifier(machine.kafka(), store, SETTLING);
    }

    private SystemVerification verify() throws Exception {
        return verifier().verify(Optional.of(task.name), Duration.ZERO);
    }

    /** The one finding there is about runs, checkpoints and promotions. */
    private Finding only(Kind kind) throws Exception {
        SystemVerification found = verify();
        assertThat(found.clean()).isFalse();
        assertThat(found.tasks().get(0).findings()).hasSize(1);
        Finding finding = found.tasks().get(0).findings().get(0);
        assertThat(finding.kind()).isEqualTo(kind);
        assertThat(finding.task()).isEqualTo(task.name);
        assertThat(finding.remedy()).isNotEmpty();
        return finding;
    }

    private int command(String... arguments) {
        CommandLine command = new CommandLine(new VerifyCommand());
        String[] all = new String[arguments.length + 2];
        all[0] = "--state";
        all[1] = state.toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return command.execute(all);
    }
}
