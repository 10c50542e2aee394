package dev.tutelage.platform.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.fixture.Birds;
import dev.tutelage.platform.ledger.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final double FLOOR = 50;

    private final Ledger ledger = new Ledger();

    GateTest() {
        ledger.add(Birds.declared(FLOOR));
    }

    @Test
    void withoutCandidatesNobodyIsPromoted() {
        ledger.add(Birds.checkpoint("c0", Stage.STAGE_PRETRAIN, 99));
        assertThat(due()).isEmpty();
    }

    @Test
    void theFirstCandidateAtTheFloorTakesAFreeRole() {
        candidate("c1", FLOOR);
        assertThat(due())
                .contains(Promoted.newBuilder()
                        .setTask(Birds.TASK)
                        .setRole(Role.ROLE_TEACHER)
                        .setCheckpoint("c1")
                        .setEvidence(GateEvidence.newBuilder()
                                .setCandidateTop1(50)
                                .setMinTop1(50)
                                .setReason("held-out top-1 50.00%, and the role was free"))
                        .build());
    }

    @Test
    void nothingBelowTheFloorIsPromoted() {
        candidate("c1", 49.99);
        assertThat(due()).isEmpty();
    }

    @Test
    void aBetterCandidateTakesOver() {
        candidate("c1", 60);
        accept();
        candidate("c2", 75.5);
        assertThat(due())
                .contains(Promoted.newBuilder()
                        .setTask(Birds.TASK)
                        .setRole(Role.ROLE_TEACHER)
                        .setCheckpoint("c2")
                        .setPrevious("c1")
                        .setEvidence(GateEvidence.newBuilder()
                                .setCandidateTop1(75.5)
                                .setHolderTop1(60)
                                .setMinTop1(50)
                                .setReason("held-out top-1 75.50% is better than the holder's 60.00%"))
                        .build());
    }

    @Test
    void whoHeldTheRoleBeforeDoesNotDependOnWhatComesLater() {
        candidate("below", 40);
        candidate("c1", 60);
        candidate("worse", 55);
        candidate("c2", 70);
        candidate("c3", 80);
        for (int later = 0; later < 2; later++) {
            assertThat(before("c1")).isEmpty();
            assertThat(before("c3")).containsExactly("c1", "c2");
            assertThat(before("worse")).isEmpty();
            candidate("c4", 90);
        }
    }

    private List<String> before(String checkpoint) {
        return Gate.before(ledger.task(Birds.TASK).orElseThrow(), Role.ROLE_TEACHER, checkpoint);
    }

    @Test
    void aWorseOrEqualCandidateDoesNot() {
        candidate("c1", 60);
        accept();
        candidate("c2", 60);
        candidate("c3", 59);
        assertThat(due()).isEmpty();
    }

    @Test
    void whatWasSaidIsNotSaidAgain() {
        candidate("c1", 60);
        accept();
        assertThat(due()).isEmpty();
    }

    /** Whoever comes late judges the candidates in the order of the log, and comes to the same holder. */
    @Test
    void aGateThatSawEveryStepAndOneThatCameLateAgree() {
        List<CheckpointPublished> candidates = new ArrayList<>();
        double[] top1s = {40, 60, 55, 70, 70, 65, 80};
        for (int i = 0; i < top1s.length; i++) {
            candidates.add(Birds.checkpoint("c" + i, Stage.STAGE_FINE_TUNE, top1s[i]));
        }
        Ledger late = new Ledger();
        late.add(Birds.declared(FLOOR));
        List<String> holders = new ArrayList<>();
        Optional<Promoted> last = Optional.empty();
        for (CheckpointPublished candidate : candidates) {
            ledger.add(candidate);
            late.add(candidate);
            Optional<Promoted> promoted = due();
            promoted.ifPresent(promotion -> {
                holders.add(promotion.getCheckpoint());
                ledger.add(promotion);
            });
            last = promoted.or(() -> ledger.task(Birds.TASK).orElseThrow().holder(Role.ROLE_TEACHER));
        }
        assertThat(holders).containsExactly("c1", "c3", "c6");
        assertThat(due(late)).isEqualTo(last);
    }

    @Test
    void aCandidateWhoseAccuracyIsNoNumberIsNotPromoted() {
        candidate("c1", Double.NaN);
        assertThat(due()).isEmpty();
        candidate("c2", 60);
        accept();
        candidate("c3", Double.NaN);
        assertThat(due()).isEmpty();
    }

    @Test
    void studentsCompeteWithStudents() {
        candidate("c1", 90);
        ledger.add(Birds.checkpoint("d1", Stage.STAGE_DISTILL, 70));
        Optional<Promoted> student = Gate.decide(ledger.task(Birds.TASK).orElseThrow(), Role.ROLE_STUDENT)
                .map(decision -> ((Decision.Promote) decision).promotion());
        assertThat(student.map(Promoted::getCheckpoint)).contains("d1");
    }

    @Test
    void aSelfDistilledNetworkCompetesForTheTeachersRole() {
        candidate("c1", 60);
        accept();
        ledger.add(Birds.checkpoint("s1", Stage.STAGE_SELF_DISTILL, 59));
        assertThat(due()).isEmpty();
        ledger.add(Birds.checkpoint("s2", Stage.STAGE_SELF_DISTILL, 61));
        assertThat(due().map(Promoted::getCheckpoint)).contains("s2");
    }

    private void candidate(String digest, double top1) {
        ledger.add(Birds.checkpoint(digest, Stage.STAGE_FINE_TUNE, top1));
    }

    private void accept() {
        ledger.add(due().orElseThrow());
    }

    private Optional<Promoted> due() {
        return due(ledger);
    }

    private static Optional<Promoted> due(Ledger ledger) {
        return Gate.decide(ledger.task(Birds.TASK).orElseThrow(), Role.ROLE_TEACHER)
                .map(decision -> ((Decision.Promote) decision).promotion());
    }
}
