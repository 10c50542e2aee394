package dev.tutelage.platform.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.Approval;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.GatePolicy;
import dev.tutelage.event.v1.Generations;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.PromotionKind;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.fixture.Birds;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Students that become teachers. */
class GenerationsTest {
    private final Ledger ledger = new Ledger();

    @Test
    void withoutRoundsAStudentStaysAStudent() {
        declare(0, 0);
        teacher("t", 60);
        student("s1", "t", 80);
        assertThat(due()).isEmpty();
    }

    @Test
    void aBetterStudentBecomesTheNextTeacherUpToTheLastRound() {
        declare(2, 1);
        teacher("t", 60);
        assertThat(due()).isEmpty();
        student("s1", "t", 65);
        assertThat(Gate.isSettled(task(), Role.ROLE_TEACHER)).isFalse();
        Promoted first = accept().promotion().orElseThrow();
        assertThat(first.getCheckpoint()).isEqualTo("s1");
        assertThat(first.getPrevious()).isEqualTo("t");
        assertThat(first.getKind()).isEqualTo(PromotionKind.PROMOTION_KIND_GENERATION);
        assertThat(first.getEvidence().getGeneration()).isEqualTo(1);
        assertThat(first.getEvidence().getChecks(0).getName()).isEqualTo("gain");
        assertThat(first.getEvidence().getChecks(0).getValue()).isEqualTo(5);
        assertThat(first.getEvidence().getChecks(0).getLimit()).isEqualTo(1);
        assertThat(first.getEvidence().getReason())
                .isEqualTo("student 1 of its line has held-out top-1 65.00%, its teacher 60.00%: a gain of 5.00 points"
                        + " (more than 0, and 1.00 at least)");
        assertThat(due()).as("once").isEmpty();
        assertThat(Gate.isSettled(task(), Role.ROLE_TEACHER)).isTrue();

        student("s2", "s1", 66);
        assertThat(accept().promotion().orElseThrow().getEvidence().getGeneration())
                .isEqualTo(2);
        student("s3", "s2", 90);
        assertThat(due()).as("two rounds are over").isEmpty();
    }

    @Test
    void aGainBelowTheLeastEndsTheLine() {
        declare(5, 1);
        teacher("t", 60);
        student("s1", "t", 60.5);
        CandidateJudged judged = accept().judgement();
        assertThat(judged.getVerdict()).isEqualTo(Verdict.VERDICT_REJECTED);
        assertThat(judged.getRole()).isEqualTo(Role.ROLE_TEACHER);
        assertThat(judged.getEvidence().getChecks(0).getPassed()).isFalse();
        assertThat(due()).as("once").isEmpty();
    }

    @Test
    void aStudentThatIsOnlyAsGoodIsNoTeacherEither() {
        declare(5, 0);
        teacher("t", 60);
        student("s1", "t", 60);
        assertThat(accept().judgement().getVerdict()).isEqualTo(Verdict.VERDICT_REJECTED);
    }

    @Test
    void afterARollbackItIsNotRepeated() {
        declare(3, 0);
        teacher("t", 60);
        student("s1", "t", 65);
        accept();
        promote("t", Role.ROLE_TEACHER, PromotionKind.PROMOTION_KIND_ROLLBACK);
        assertThat(due()).isEmpty();
    }

    /** The student of a teacher that lost its role is not what people roll back to. */
    @Test
    void anEarlierStudentOfATeacherThatComesBackIsLeftAlone() {
        declare(3, 0);
        teacher("t", 60);
        teacher("u", 70);
        student("s1", "t", 65);
        assertThat(due()).as("its teacher is no longer the teacher").isEmpty();
        promote("t", Role.ROLE_TEACHER, PromotionKind.PROMOTION_KIND_ROLLBACK);
        assertThat(due()).isEmpty();
        student("s2", "t", 66);
        assertThat(due()).as("one that came after it").isPresent();
    }

    @Test
    void aPersonHasTheLastWordWhereTheTaskWantsIt() {
        declare(3, 0);
        ledger.add(Birds.declared(0).toBuilder()
                .setPolicies(Policies.newBuilder()
                        .setGate(GatePolicy.newBuilder().setApproval(Approval.APPROVAL_MANUAL))
                        .setGenerations(Generations.newBuilder().setRounds(3)))
                .build());
        teacher("t", 60);
        student("s1", "t", 65);
        Decision.Judge judge = accept();
        assertThat(judge.judgement().getVerdict()).isEqualTo(Verdict.VERDICT_AWAITING_APPROVAL);
        assertThat(judge.promotion()).isEmpty();
        assertThat(due()).isEmpty();
    }

    private void declare(int rounds, double minGain) {
        ledger.add(Birds.declared(0).toBuilder()
                .setPolicies(Policies.newBuilder()
                        .setGenerations(
                                Generations.newBuilder().setRounds(rounds).setMinGain(minGain)))
                .build());
    }

    private void teacher(String digest, double top1) {
        ledger.add(Birds.checkpoint(digest, Stage.STAGE_FINE_TUNE, top1));
        promote(digest, Role.ROLE_TEACHER, PromotionKind.PROMOTION_KIND_UNSPECIFIED);
    }

    private void student(String digest, String parent, double top1) {
        ledger.add(Birds.checkpoint(digest, Stage.STAGE_DISTILL, top1).toBuilder()
                .setParent(parent)
                .build());
        promote(digest, Role.ROLE_STUDENT, PromotionKind.PROMOTION_KIND_UNSPECIFIED);
    }

    private void promote(String digest, Role role, PromotionKind kind) {
        ledger.add(Promoted.newBuilder()
                .setTask(Birds.TASK)
                .setRole(role)
                .setCheckpoint(digest)
                .setKind(kind)
                .build());
    }

    private Decision.Judge accept() {
        Decision.Judge judge = (Decision.Judge) due().orElseThrow();
        ledger.add(judge.judgement());
        judge.promotion().ifPresent(ledger::add);
        return judge;
    }

    private Optional<Decision> due() {
        return new Gate(checkpoint -> Optional.empty()).decide(task(), Role.ROLE_TEACHER);
    }

    private TaskLedger task() {
        return ledger.task(Birds.TASK).orElseThrow();
    }
}
