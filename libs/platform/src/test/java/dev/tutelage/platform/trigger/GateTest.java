package dev.tutelage.platform.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final TaskDeclared TASK = TaskDeclared.newBuilder()
            .setTask("t")
            .setPolicies(Policies.newBuilder().setPromotionMinTop1(50))
            .build();

    @Test
    void theFirstAboveTheFloorTakesTheRole() {
        assertThat(promoted(checkpoint("weak", 49.9))).isEmpty();
        assertThat(promoted(checkpoint("weak", 49.9), checkpoint("first", 60))).hasValueSatisfying(promotion -> {
            assertThat(promotion.getCheckpoint()).isEqualTo("first");
            assertThat(promotion.getPrevious()).isEmpty();
            assertThat(promotion.getEvidence().getCandidateTop1()).isEqualTo(60);
        });
    }

    @Test
    void onlyABetterOneReplacesTheHolder() {
        assertThat(promoted(checkpoint("first", 60), checkpoint("equal", 60), checkpoint("better", 61)))
                .hasValueSatisfying(promotion -> {
                    assertThat(promotion.getCheckpoint()).isEqualTo("better");
                    assertThat(promotion.getPrevious()).isEqualTo("first");
                    assertThat(promotion.getEvidence().getHolderTop1()).isEqualTo(60);
                });
    }

    @Test
    void whatIsSaidIsNotSaidAgain() {
        Promoted said = promoted(checkpoint("first", 60)).orElseThrow();

        assertThat(promoted(checkpoint("first", 60), said)).isEmpty();
        assertThat(promoted(said, checkpoint("first", 60))).isEmpty();
    }

    @Test
    void factsMayComeBeforeTheirTask() {
        Ledger ledger = new Ledger();
        ledger.add(checkpoint("first", 60));
        ledger.add(TASK);

        assertThat(Gate.decide(ledger.task("t").orElseThrow(), Role.ROLE_TEACHER))
                .isPresent();
    }

    @Test
    void theEndOfARunIsFinal() {
        TaskLedger task = ledger(run(RunState.RUN_STATE_SUCCEEDED), run(RunState.RUN_STATE_RESUMED));

        assertThat(task.run("r")).map(RunChanged::getState).contains(RunState.RUN_STATE_SUCCEEDED);
    }

    private static Optional<Promoted> promoted(Message... facts) {
        return Gate.decide(ledger(facts), Role.ROLE_TEACHER).map(decision -> ((Decision.Promote) decision).promotion());
    }

    private static TaskLedger ledger(Message... facts) {
        Ledger ledger = new Ledger();
        ledger.add(TASK);
        for (Message fact : facts) {
            ledger.add(fact);
        }
        return ledger.task("t").orElseThrow();
    }

    private static RunChanged run(RunState state) {
        return RunChanged.newBuilder()
                .setTask("t")
                .setRunId("r")
                .setState(state)
                .build();
    }

    private static CheckpointPublished checkpoint(String digest, double top1) {
        return CheckpointPublished.newBuilder()
                .setTask("t")
                .setDigest(digest)
                .setStage(Stage.STAGE_FINE_TUNE)
                .putMetrics("top1", top1)
                .build();
    }
}
