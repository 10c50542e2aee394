package dev.tutelage.control.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.PromotionKind;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoleChangeTest {
    private static final String TASK = "birds";

    private final Ledger ledger = new Ledger();

    RoleChangeTest() {
        ledger.add(TaskDeclared.newBuilder().setTask(TASK).build());
        checkpoint("aa11", Stage.STAGE_FINE_TUNE, 60);
        checkpoint("aa22", Stage.STAGE_FINE_TUNE, 70);
        checkpoint("bb33", Stage.STAGE_DISTILL, 80);
        checkpoint("cc44", Stage.STAGE_PRETRAIN, 0);
    }

    @Test
    void aBeginningThatNoOtherCheckpointHasIsEnough() {
        promoted("aa11", PromotionKind.PROMOTION_KIND_UNSPECIFIED);
        Promoted said = teacher().promote(Optional.of("aa2"), Optional.of("looked at it"));
        assertThat(said)
                .isEqualTo(Promoted.newBuilder()
                        .setTask(TASK)
                        .setRole(Role.ROLE_TEACHER)
                        .setCheckpoint("aa22")
                        .setPrevious("aa11")
                        .setKind(PromotionKind.PROMOTION_KIND_MANUAL)
                        .setBy("cli")
                        .setEvidence(GateEvidence.newBuilder()
                                .setCandidateTop1(70)
                                .setHolderTop1(60)
                                .setReason("looked at it"))
                        .build());
        assertThat(teacher().story(said))
                .isEqualTo("The teacher of 'birds' is aa22 (held-out top-1 70.00%) now; it was aa11 (held-out top-1"
                        + " 60.00%)");
    }

    @Test
    void aStudentMayBecomeTheTeacherByHand() {
        Promoted said = teacher().promote(Optional.of("bb"), Optional.empty());
        assertThat(said.getCheckpoint()).isEqualTo("bb33");
        assertThat(teacher().story(said)).endsWith("now; there was none");
    }

    @Test
    void whatCannotBePromotedIsRefusedWithWhatCan() {
        promoted("aa11", PromotionKind.PROMOTION_KIND_UNSPECIFIED);
        refuses("aa", "aa is the beginning of several checkpoints: aa11, aa22");
        refuses("dd", "No checkpoint that task 'birds' has begins with dd. There are: aa11, aa22, bb33, cc44");
        refuses(
                "cc",
                "Checkpoint cc44 is no classifier with a model.onnx, so it cannot be the teacher. Those that can:"
                        + " aa11, aa22, bb33");
        refuses("aa11", "Checkpoint aa11 is the teacher of 'birds' already");
    }

    @Test
    void theOneThatWaitsForApprovalNeedsNoName() {
        promoted("aa11", PromotionKind.PROMOTION_KIND_UNSPECIFIED);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> teacher().promote(Optional.empty(), Optional.empty()))
                .withMessageStartingWith("No checkpoint of 'birds' waits for approval as teacher. Say which one");
        awaits("aa22");
        Promoted said = teacher().promote(Optional.empty(), Optional.empty());
        assertThat(said.getCheckpoint()).isEqualTo("aa22");
        assertThat(said.getEvidence().getMinTop1()).as("what the gate saw").isEqualTo(50);
        assertThat(said.getEvidence().getReason()).isEqualTo("someone asked for it by hand");
        awaits("bb33");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> teacher().promote(Optional.empty(), Optional.empty()))
                .withMessageContaining("Several checkpoints of 'birds' wait for approval as teacher")
                .withMessageEndingWith("aa22, bb33");
        ledger.add(said);
        assertThat(teacher().promote(Optional.empty(), Optional.empty()).getCheckpoint())
                .isEqualTo("bb33");
    }

    @Test
    void aRollbackGoesBackAndTheNextOneFurther() {
        promoted("aa11", PromotionKind.PROMOTION_KIND_UNSPECIFIED);
        promoted("aa22", PromotionKind.PROMOTION_KIND_UNSPECIFIED);
        promoted("bb33", PromotionKind.PROMOTION_KIND_GENERATION);
        Promoted first = teacher().rollback(Optional.empty(), Optional.empty());
        assertThat(first.getCheckpoint()).isEqualTo("aa22");
        assertThat(first.getPrevious()).isEqualTo("bb33");
        assertThat(first.getKind()).isEqualTo(PromotionKind.PROMOTION_KIND_ROLLBACK);
        ledger.add(first);
        Promoted second = teacher().rollback(Optional.empty(), Optional.empty());
        assertThat(second.getCheckpoint()).isEqualTo("aa11");
        ledger.add(second);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> teacher().rollback(Optional.empty(), Optional.empty()))
                .withMessage("No checkpoint was the teacher of 'birds' before aa11. Say which one is to be it, or use"
                        + " tutelage promote");
        assertThat(teacher().rollback(Optional.of("bb"), Optional.empty()).getCheckpoint())
                .as("one that it was rolled back from")
                .isEqualTo("bb33");
    }

    @Test
    void onlyWhatHeldTheRoleCanHaveItBack() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> teacher().rollback(Optional.empty(), Optional.empty()))
                .withMessage("Task 'birds' has no teacher yet");
        promoted("aa11", PromotionKind.PROMOTION_KIND_UNSPECIFIED);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> teacher().rollback(Optional.of("bb33"), Optional.empty()))
                .withMessage(
                        "No checkpoint that task 'birds' has had as its teacher begins with bb33. There are: aa11");
    }

    @Test
    void whatWaitsForApprovalIsRejectedWithWhatTheGateSawAndWaitsNoLonger() {
        checkpoint("dd11", Stage.STAGE_FINE_TUNE, 60);
        awaits("dd11");
        CandidateJudged rejected = teacher().reject("dd", Optional.of("worse at owls"));

        assertThat(rejected.getVerdict()).isEqualTo(Verdict.VERDICT_REJECTED);
        assertThat(rejected.getBy()).isEqualTo("cli");
        assertThat(rejected.getEvidence())
                .isEqualTo(GateEvidence.newBuilder()
                        .setMinTop1(50)
                        .setReason("worse at owls")
                        .build());
        assertThat(teacher().story(rejected))
                .isEqualTo("dd11 (held-out top-1 60.00%) is rejected as teacher of 'birds'; there is none");

        ledger.add(rejected);
        awaits("dd11");
        TaskLedger task = ledger.task(TASK).orElseThrow();
        assertThat(task.isAwaitingApproval(Role.ROLE_TEACHER, "dd11")).isFalse();
        assertThat(task.judgement(Role.ROLE_TEACHER, "dd11")).contains(rejected);
        assertThat(new RoleChange(task, HeldRole.TEACHER, "another").reject("dd", Optional.of("again")))
                .as("rejecting twice does nothing twice")
                .isEqualTo(rejected);
        assertThat(teacher().promote(Optional.of("dd"), Optional.empty()).getCheckpoint())
                .isEqualTo("dd11");
    }

    @Test
    void whatDoesNotWaitIsNotRejected() {
        checkpoint("dd11", Stage.STAGE_FINE_TUNE, 60);
        checkpoint("ee22", Stage.STAGE_FINE_TUNE, 61);
        checkpoint("ff33", Stage.STAGE_FINE_TUNE, 40);
        notRejected("dd", "the gate has not judged it");
        awaits("dd11");
        promoted("dd11", PromotionKind.PROMOTION_KIND_MANUAL);
        notRejected("dd", "it is the teacher. tutelage rollback takes the role from it");
        promoted("ee22", PromotionKind.PROMOTION_KIND_MANUAL);
        notRejected("dd", "it has held the role before");
        ledger.add(CandidateJudged.newBuilder()
                .setTask(TASK)
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint("ff33")
                .setVerdict(Verdict.VERDICT_REJECTED)
                .build());
        notRejected("ff", "the gate has rejected it");
    }

    private void notRejected(String prefix, String why) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> teacher().reject(prefix, Optional.empty()))
                .withMessageEndingWith("of 'birds' does not wait for approval as teacher: " + why);
    }

    private void refuses(String prefix, String message) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> teacher().promote(Optional.of(prefix), Optional.empty()))
                .withMessage(message);
    }

    private RoleChange teacher() {
        return new RoleChange(ledger.task(TASK).orElseThrow(), HeldRole.TEACHER, "cli");
    }

    private void checkpoint(String digest, Stage stage, double top1) {
        ledger.add(CheckpointPublished.newBuilder()
                .setTask(TASK)
                .setDigest(digest)
                .setStage(stage)
                .putMetrics("top1", top1)
                .addFiles(Artifact.newBuilder().setName("model.onnx"))
                .build());
    }

    private void promoted(String digest, PromotionKind kind) {
        ledger.add(Promoted.newBuilder()
                .setTask(TASK)
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint(digest)
                .setKind(kind)
                .build());
    }

    private void awaits(String digest) {
        ledger.add(CandidateJudged.newBuilder()
                .setTask(TASK)
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint(digest)
                .setVerdict(Verdict.VERDICT_AWAITING_APPROVAL)
                .setEvidence(GateEvidence.newBuilder().setMinTop1(50).setReason("the gate's"))
                .build());
    }
}
