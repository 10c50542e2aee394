package dev.tutelage.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.tutelage.event.Fact;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.DeadLetterReplayed;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.log.Place;
import dev.tutelage.platform.log.PlacedFact;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String RUN = "distill-1";

    private final History history = new History();
    private int said;

    @BeforeEach
    void declare() {
        say(TaskDeclared.newBuilder().setTask("birds").build());
    }

    @Test
    void factsAreThereBeforeTheirTaskAndItIsNotThereBeforeItsDeclaration() {
        say(SoftLabelsAdded.newBuilder()
                .setTask("cats")
                .setShard("s")
                .setTeacher("t")
                .build());
        assertThat(history.task("cats")).isEmpty();
        say(TaskDeclared.newBuilder().setTask("cats").build());
        assertThat(history.task("cats").orElseThrow().softLabels().size()).isEqualTo(1);
    }

    @Test
    void whatIsSaidTwiceIsThereOnce() {
        for (int i = 0; i < 2; i++) {
            say(SoftLabelsAdded.newBuilder()
                    .setTask("birds")
                    .setShard("s")
                    .setTeacher("t")
                    .setImages(7)
                    .build());
            say(promotion("a"));
            say(CancellationRequested.newBuilder()
                    .setTask("birds")
                    .setRunId(RUN)
                    .setBy("other")
                    .build());
        }
        say(promotion("b"));
        say(promotion("a"));
        TaskHistory birds = birds();
        assertThat(birds.labeledBy("t")).contains(new TaskHistory.Tally(1, 7));
        assertThat(birds.promotions().oldestFirst())
                .extracting(promoted -> promoted.fact().getCheckpoint())
                .containsExactly("a", "b", "a");
        assertThat(birds.cancellations(RUN)).hasSize(1);
        assertThat(birds.superseded("other")).containsExactly(RUN);
    }

    @Test
    void aRunIsWhatItsNewestRequestHasComeToAndIsDueForWhatTheFirstSays() {
        say(request(0, "it is due"));
        say(changed(0, RunState.RUN_STATE_FAILED));
        assertThat(run().state()).isEqualTo(RunState.RUN_STATE_FAILED);
        assertThat(run().isOpen()).isFalse();
        say(request(1, "asked for again"));
        assertThat(run().state()).isEqualTo(RunState.RUN_STATE_REQUESTED);
        say(changed(1, RunState.RUN_STATE_STARTED));
        say(changed(0, RunState.RUN_STATE_SUCCEEDED));
        assertThat(run().state()).isEqualTo(RunState.RUN_STATE_STARTED);
        assertThat(run().retry()).isEqualTo(1);
        assertThat(run().asked().orElseThrow().fact().getReason()).isEqualTo("it is due");
        assertThat(history.taskOfRun(RUN)).contains("birds");
    }

    @Test
    void aDeadLetterIsOpenUntilItIsReplayedOrItsRunIsAskedForAgain() {
        long one = say(DeadLettered.newBuilder().setTask("birds").setRunId(RUN).build());
        long two = say(
                DeadLettered.newBuilder().setTask("birds").setRunId("label-2").build());
        assertThat(history.letters().entries().oldestFirst())
                .allSatisfy(
                        entry -> assertThat(history.letters().replayed(entry)).isEmpty());
        say(changed(1, RunState.RUN_STATE_REQUESTED));
        assertThat(history.letters().at(one).flatMap(history.letters()::replayed))
                .isPresent();
        assertThat(history.letters().at(two).flatMap(history.letters()::replayed))
                .isEmpty();
        say(DeadLetterReplayed.newBuilder().setDeadLetterOffset(two).build());
        assertThat(history.letters().at(two).flatMap(history.letters()::replayed))
                .isPresent();
    }

    private TaskHistory birds() {
        return history.task("birds").orElseThrow();
    }

    private RunEntry run() {
        return birds().runs().get(RUN).orElseThrow();
    }

    private static Promoted promotion(String checkpoint) {
        return Promoted.newBuilder()
                .setTask("birds")
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint(checkpoint)
                .build();
    }

    private static RunRequested request(int retry, String reason) {
        return RunRequested.newBuilder()
                .setRunId(RUN)
                .setTask("birds")
                .setStage(Stage.STAGE_DISTILL)
                .setRetry(retry)
                .setReason(reason)
                .build();
    }

    private static RunChanged changed(int retry, RunState state) {
        return RunChanged.newBuilder()
                .setRunId(RUN)
                .setTask("birds")
                .setStage(Stage.STAGE_DISTILL)
                .setRetry(retry)
                .setState(state)
                .build();
    }

    /** A second later than the one before, at the next offset, which it returns. */
    private long say(Message payload) {
        Fact fact = new Fact(payload, "/test", START.plusSeconds(said));
        history.add(new PlacedFact(fact, new Place(fact.topic().topicName(), 0, said)));
        return said++;
    }
}
