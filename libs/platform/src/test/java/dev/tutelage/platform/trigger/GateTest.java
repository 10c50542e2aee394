package dev.tutelage.platform.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tutelage.event.v1.Approval;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.GateCheck;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.GatePolicy;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.PromotionKind;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.TaskPaused;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.fixture.Birds;
import dev.tutelage.platform.gate.Seen;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final double FLOOR = 50;

    private final Ledger ledger = new Ledger();
    private final Seen seen = new Seen();

    GateTest() {
        policy(GatePolicy.newBuilder());
    }

    @Test
    void withoutCandidatesNobodyIsJudged() {
        ledger.add(Birds.checkpoint("c0", Stage.STAGE_PRETRAIN, 99));
        assertThat(due()).isEmpty();
    }

    @Test
    void theFirstCandidateAtTheFloorTakesAFreeRole() {
        candidate("c1", FLOOR);
        Decision.Judge judge = judgement();
        GateEvidence evidence = GateEvidence.newBuilder()
                .setCandidateTop1(50)
                .setMinTop1(50)
                .setReason("held-out top-1 50.00%, and the role was free")
                .addChecks(GateCheck.newBuilder()
                        .setName("top1")
                        .setValue(50)
                        .setLimit(50)
                        .setPassed(true)
                        .setDetail("held-out top-1 50.00% (50.00% at least)"))
                .build();
        assertThat(judge.promotion())
                .contains(Promoted.newBuilder()
                        .setTask(Birds.TASK)
                        .setRole(Role.ROLE_TEACHER)
                        .setCheckpoint("c1")
                        .setEvidence(evidence)
                        .build());
        assertThat(judge.judgement())
                .isEqualTo(CandidateJudged.newBuilder()
                        .setTask(Birds.TASK)
                        .setRole(Role.ROLE_TEACHER)
                        .setCheckpoint("c1")
                        .setVerdict(Verdict.VERDICT_PROMOTED)
                        .setEvidence(evidence)
                        .build());
    }

    @Test
    void nothingBelowTheFloorIsPromoted() {
        candidate("c1", 49.99);
        rejected("held-out top-1 49.99% (50.00% at least)");
    }

    @Test
    void aCandidateWhoseAccuracyIsNoNumberIsNotPromoted() {
        candidate("c1", Double.NaN);
        rejected("held-out top-1 NaN% (50.00% at least)");
    }

    @Test
    void aCandidateThatIsBetterOnTheSameImagesTakesOver() {
        holder("c1", "h", 200, 0, 60);
        candidate("c2", "h", 200, 0, 30);
        Decision.Judge judge = judgement();
        Promoted promoted = judge.promotion().orElseThrow();
        assertThat(promoted.getPrevious()).isEqualTo("c1");
        assertThat(promoted.getKind()).isEqualTo(PromotionKind.PROMOTION_KIND_UNSPECIFIED);
        GateEvidence evidence = promoted.getEvidence();
        assertThat(evidence.getCandidateTop1()).isEqualTo(85);
        assertThat(evidence.getHolderTop1()).isEqualTo(70);
        assertThat(evidence.getComparison().getImages()).isEqualTo(200);
        assertThat(evidence.getComparison().getCandidateOnly()).isEqualTo(30);
        assertThat(evidence.getComparison().getHolderOnly()).isZero();
        assertThat(evidence.getComparison().getPValue()).isCloseTo(Math.pow(2, -30), within(1e-15));
        assertThat(evidence.getCandidateClassRecallList()).containsExactly(70.0, 100.0);
        assertThat(evidence.getHolderClassRecallList()).containsExactly(40.0, 100.0);
        assertThat(evidence.getReason())
                .isEqualTo(
                        "held-out top-1 85.00% is better than the holder's 70.00%: of the same 200 held-out images, 30"
                                + " are right by it alone and 0 by the holder alone (p 0.0000, 0.0500 at most)");
    }

    @Test
    void aCandidateThatMayBeBetterByChanceDoesNot() {
        holder("c1", "h", 200, 0, 60);
        candidate("c2", "h", 200, 4, 60);
        rejected("of the same 200 held-out images, 4 are right by it alone and 0 by the holder alone"
                + " (p 0.0625, 0.0500 at most)");
    }

    @Test
    void withAConfidenceOfAHalfItOnlyHasToBeBetter() {
        policy(GatePolicy.newBuilder().setConfidence(0.5));
        holder("c1", "h", 200, 0, 60);
        candidate("same", "h", 200, 0, 60);
        rejected("of the same 200 held-out images, 0 are right by it alone and 0 by the holder alone");
        candidate("better", "h", 200, 1, 60);
        assertThat(judgement().judgement().getVerdict()).isEqualTo(Verdict.VERDICT_PROMOTED);
    }

    @Test
    void whatCannotBeComparedAwaitsApproval() {
        holder("c1", "h", 200, 0, 60);
        candidate("other images", "k", 200, 0, 10);
        awaits("a person has to say: it cannot be compared with the holder: they were evaluated on other images");
        candidate("no predictions", 99);
        awaits("a person has to say: it cannot be compared with the holder: what the candidate says of held-out images"
                + " is not known");
        ledger.add(promotion("no predictions", PromotionKind.PROMOTION_KIND_MANUAL));
        candidate("c3", "h", 200, 0, 10);
        awaits("a person has to say: it cannot be compared with the holder: what the holder says of held-out images is"
                + " not known");
    }

    @Test
    void aCheckpointWhoseAccuracyWasNotMeasuredAwaitsApproval() {
        ledger.add(Birds.checkpoint("c1", Stage.STAGE_FINE_TUNE, 0).toBuilder()
                .clearMetrics()
                .build());
        awaits("a person has to say: held-out top-1 was not measured");
    }

    @Test
    void everyClassMustBeRecognisedOftenEnough() {
        policy(GatePolicy.newBuilder().setMinClassRecall(41));
        candidate("c1", "h", 200, 0, 60);
        rejected("recall of wren 40.00% (41.00% at least of each class)");
        candidate("c2", "h", 200, 0, 59);
        assertThat(judgement().promotion()).isPresent();
    }

    @Test
    void calibrationSizeAndLatencyHaveLimits() {
        policy(GatePolicy.newBuilder()
                .setMaxCalibrationError(0.1)
                .setMaxModelBytes(1_000_000)
                .setMaxLatencyMillis(2));
        ledger.add(measured("c1", 0.11, 1_000_001, 2.5));
        rejected(
                "expected calibration error 0.1100 (0.1000 at most); model.onnx of 1,000,001 bytes (1,000,000 at most);"
                        + " 2.500 ms to predict an image (2.000 at most)");
        candidate("c2", 99);
        awaits("a person has to say: the calibration error was not measured; the model bytes was not measured; the"
                + " latency was not measured");
        ledger.add(measured("c3", 0.1, 1_000_000, 2));
        GateEvidence evidence = judgement().promotion().orElseThrow().getEvidence();
        assertThat(evidence.getChecksList())
                .extracting(GateCheck::getName)
                .containsExactly("top1", "calibration error", "model bytes", "latency");
        assertThat(evidence.getCandidateCalibrationError()).isEqualTo(0.1);
        assertThat(evidence.getCandidateBytes()).isEqualTo(1_000_000);
        assertThat(evidence.getCandidateLatencyMillis()).isEqualTo(2);
    }

    @Test
    void whatPassesAwaitsApprovalWhereTheTaskWantsIt() {
        policy(GatePolicy.newBuilder().setApproval(Approval.APPROVAL_MANUAL));
        candidate("c1", 60);
        awaits("a person has to say, as the task wants: held-out top-1 60.00%, and the role was free");
        candidate("c2", 40);
        rejected("held-out top-1 40.00% (50.00% at least)");
    }

    @Test
    void candidatesAreJudgedOnceAndInTheOrderOfTheLog() {
        holder("c1", "h", 200, 0, 60);
        candidate("worse", "h", 200, 0, 80);
        candidate("best", "h", 200, 0, 10);
        candidate("good", "h", 200, 0, 30);
        assertThat(accept().getCheckpoint()).isEqualTo("worse");
        assertThat(accept().getCheckpoint()).isEqualTo("best");
        CandidateJudged last = accept();
        assertThat(last.getCheckpoint()).isEqualTo("good");
        assertThat(last.getHolder()).as("the holder by then").isEqualTo("best");
        assertThat(last.getVerdict()).isEqualTo(Verdict.VERDICT_REJECTED);
        assertThat(due()).isEmpty();
        assertThat(Gate.isSettled(task(), Role.ROLE_TEACHER)).isTrue();
    }

    /** Topics are read side by side: the next candidate must not be judged against who held the role before. */
    @Test
    void aPromotionIsAwaitedWhoseVerdictIsKnown() {
        candidate("c1", "h", 200, 0, 60);
        Decision.Judge judge = judgement();
        ledger.add(judge.judgement());
        candidate("c2", "h", 200, 0, 80);
        assertThat(due()).isEmpty();
        assertThat(Gate.isSettled(task(), Role.ROLE_TEACHER)).isFalse();
        ledger.add(judge.promotion().orElseThrow());
        assertThat(judgement().judgement().getHolder()).isEqualTo("c1");
    }

    @Test
    void aHolderIsAwaitedWhoseCheckpointIsNotKnownYet() {
        ledger.add(promotion("c1", PromotionKind.PROMOTION_KIND_MANUAL));
        candidate("c2", "h", 200, 0, 80);
        assertThat(due()).isEmpty();
    }

    @Test
    void whatPeoplePromoteIsTheHolderAndIsNotJudged() {
        holder("c1", "h", 200, 0, 60);
        candidate("by hand", "h", 200, 0, 90);
        ledger.add(promotion("by hand", PromotionKind.PROMOTION_KIND_MANUAL));
        assertThat(due()).isEmpty();
        candidate("c3", "h", 200, 0, 70);
        CandidateJudged judged = judgement().judgement();
        assertThat(judged.getHolder()).isEqualTo("by hand");
        assertThat(judged.getVerdict()).isEqualTo(Verdict.VERDICT_PROMOTED);
    }

    @Test
    void afterARollbackTheOneThatLostTheRoleDoesNotComeBackByItself() {
        holder("c1", "h", 200, 0, 60);
        candidate("c2", "h", 200, 0, 30);
        accept();
        ledger.add(promotion("c1", PromotionKind.PROMOTION_KIND_ROLLBACK));
        assertThat(due()).isEmpty();
        candidate("c3", "h", 200, 0, 40);
        CandidateJudged judged = judgement().judgement();
        assertThat(judged.getHolder()).isEqualTo("c1");
        assertThat(judged.getVerdict()).isEqualTo(Verdict.VERDICT_PROMOTED);
    }

    @Test
    void aPausedTaskIsNotJudged() {
        candidate("c1", 60);
        ledger.add(TaskPaused.newBuilder().setTask(Birds.TASK).setPaused(true).build());
        assertThat(due()).isEmpty();
        ledger.add(TaskPaused.newBuilder().setTask(Birds.TASK).build());
        assertThat(due()).isPresent();
    }

    @Test
    void aStoreThatDoesNotAnswerIsNoVerdict() {
        candidate("c1", 60);
        Gate gate = new Gate(checkpoint -> {
            throw new ArtifactStoreException(ArtifactStoreException.Kind.UNAVAILABLE, "gone");
        });
        assertThatThrownBy(() -> gate.decide(task(), Role.ROLE_TEACHER)).isInstanceOf(ArtifactStoreException.class);
    }

    @Test
    void whoHeldTheRoleBeforeIsKnownFromThePromotions() {
        for (String holder : List.of("a", "b", "c", "b", "d")) {
            ledger.add(promotion(holder, PromotionKind.PROMOTION_KIND_MANUAL));
        }
        assertThat(before("d")).as("who held it last is last").containsExactly("a", "c", "b");
        assertThat(before("b")).as("before it took it last").containsExactly("a", "c");
        assertThat(before("a")).isEmpty();
        assertThat(before("never")).isEmpty();
    }

    @Test
    void studentsCompeteWithStudents() {
        candidate("c1", 90);
        ledger.add(Birds.checkpoint("d1", Stage.STAGE_DISTILL, 70));
        assertThat(new Gate(seen).decide(task(), Role.ROLE_STUDENT))
                .map(Decision.Judge.class::cast)
                .hasValueSatisfying(
                        judge -> assertThat(judge.judgement().getCheckpoint()).isEqualTo("d1"));
    }

    @Test
    void aSelfDistilledNetworkCompetesForTheTeachersRole() {
        holder("c1", "h", 200, 0, 60);
        ledger.add(Birds.checkpoint("s1", Stage.STAGE_SELF_DISTILL, seen.wrong("s1", "h", 200, 0, 20)));
        assertThat(accept().getVerdict()).isEqualTo(Verdict.VERDICT_PROMOTED);
        assertThat(task().holder(Role.ROLE_TEACHER).map(Promoted::getCheckpoint))
                .contains("s1");
    }

    private void policy(GatePolicy.Builder gate) {
        TaskDeclared task = Birds.declared(FLOOR);
        ledger.add(task.toBuilder()
                .setPolicies(task.getPolicies().toBuilder().setGate(gate))
                .build());
    }

    private void candidate(String digest, double top1) {
        ledger.add(Birds.checkpoint(digest, Stage.STAGE_FINE_TUNE, top1));
    }

    private void candidate(String digest, String set, int images, int wrongFrom, int wrongTo) {
        candidate(digest, seen.wrong(digest, set, images, wrongFrom, wrongTo));
    }

    private void holder(String digest, String set, int images, int wrongFrom, int wrongTo) {
        candidate(digest, set, images, wrongFrom, wrongTo);
        ledger.add(promotion(digest, PromotionKind.PROMOTION_KIND_UNSPECIFIED));
    }

    private static CheckpointPublished measured(String digest, double calibration, long bytes, double latency) {
        return Birds.checkpoint(digest, Stage.STAGE_FINE_TUNE, 60).toBuilder()
                .putMetrics("calibrationError", calibration)
                .putMetrics("latencyMillis", latency)
                .addFiles(Artifact.newBuilder().setName("model.onnx").setSize(bytes))
                .build();
    }

    private static Promoted promotion(String checkpoint, PromotionKind kind) {
        return Promoted.newBuilder()
                .setTask(Birds.TASK)
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint(checkpoint)
                .setKind(kind)
                .build();
    }

    private List<String> before(String checkpoint) {
        return Gate.before(task(), Role.ROLE_TEACHER, checkpoint);
    }

    private void rejected(String reason) {
        said(Verdict.VERDICT_REJECTED, reason);
    }

    private void awaits(String reason) {
        said(Verdict.VERDICT_AWAITING_APPROVAL, reason);
    }

    private void said(Verdict verdict, String reason) {
        Decision.Judge judge = judgement();
        assertThat(judge.promotion()).isEmpty();
        assertThat(judge.judgement().getEvidence().getReason()).isEqualTo(reason);
        assertThat(judge.judgement().getVerdict()).isEqualTo(verdict);
        ledger.add(judge.judgement());
    }

    private CandidateJudged accept() {
        Decision.Judge judge = judgement();
        ledger.add(judge.judgement());
        judge.promotion().ifPresent(ledger::add);
        return judge.judgement();
    }

    private Decision.Judge judgement() {
        return (Decision.Judge) due().orElseThrow();
    }

    private Optional<Decision> due() {
        return new Gate(seen).decide(task(), Role.ROLE_TEACHER);
    }

    private TaskLedger task() {
        return ledger.task(Birds.TASK).orElseThrow();
    }
}
