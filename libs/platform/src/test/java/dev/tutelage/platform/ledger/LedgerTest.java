package dev.tutelage.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.fixture.Birds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest {
    private static final ShardAdded UNLABELED = Birds.shard("u", 10);
    private static final ShardAdded LABELED =
            Birds.shard("l", 10).toBuilder().setLabeled(true).build();
    private static final ShardAdded HELD_OUT = Birds.shard("h", 3).toBuilder()
            .setLabeled(true)
            .setSplit(Split.SPLIT_HELD_OUT)
            .build();
    private static final SoftLabelsAdded LABELS = SoftLabelsAdded.newBuilder()
            .setTask(Birds.TASK)
            .setShard("u")
            .setTeacher("c2")
            .build();
    private static final Promoted TEACHER = Promoted.newBuilder()
            .setTask(Birds.TASK)
            .setRole(Role.ROLE_TEACHER)
            .setCheckpoint("c2")
            .build();
    private static final List<Message> FACTS = List.of(
            Birds.declared(50),
            UNLABELED,
            LABELED,
            HELD_OUT,
            Birds.checkpoint("c1", Stage.STAGE_PRETRAIN, 0),
            Birds.checkpoint("c2", Stage.STAGE_FINE_TUNE, 80),
            LABELS,
            TEACHER,
            Birds.run("r1", RunState.RUN_STATE_REQUESTED),
            Birds.run("r1", RunState.RUN_STATE_SUCCEEDED));

    /** Topics are read side by side, so the declaration may come at any place among the other facts. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 9})
    void theDeclarationMayComeAtAnyTime(int place) {
        List<Message> facts = new ArrayList<>(FACTS);
        facts.add(place, facts.remove(0));
        assertHoldsTheFacts(ledgerOf(facts));
    }

    @Test
    void beingToldTwiceChangesNothing() {
        List<Message> facts = new ArrayList<>(FACTS);
        facts.addAll(FACTS);
        assertHoldsTheFacts(ledgerOf(facts));
    }

    @Test
    void shardsKeepTheOrderOfTheLogHoweverOftenTheyAreSaid() {
        TaskLedger task = ledgerOf(List.of(
                Birds.declared(0), Birds.shard("b", 1), Birds.shard("a", 1), Birds.shard("b", 1), Birds.shard("c", 1)));
        assertThat(task.unlabeled())
                .extracting(shard -> shard.getShard().getDigest())
                .containsExactly("b", "a", "c");
    }

    @Test
    void heldOutImagesAreNeverLearnedFrom() {
        TaskLedger task = ledgerOf(FACTS);
        assertThat(task.unlabeled()).doesNotContain(HELD_OUT);
        assertThat(task.labeled()).doesNotContain(HELD_OUT);
        ShardAdded nowhere =
                UNLABELED.toBuilder().setSplit(Split.SPLIT_UNSPECIFIED).build();
        assertThat(ledgerOf(List.of(Birds.declared(0), nowhere)).unlabeled()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"RUN_STATE_SUCCEEDED", "RUN_STATE_FAILED", "RUN_STATE_CANCELLED"})
    void theEndOfARunIsFinal(RunState end) {
        for (RunState after : List.of(
                RunState.RUN_STATE_REQUESTED,
                RunState.RUN_STATE_STARTED,
                RunState.RUN_STATE_RESUMED,
                RunState.RUN_STATE_SUCCEEDED,
                RunState.RUN_STATE_FAILED)) {
            TaskLedger task = ledgerOf(List.of(Birds.declared(0), Birds.run("r", end), Birds.run("r", after)));
            assertThat(task.run("r")).contains(Birds.run("r", end));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RUN_STATE_REQUESTED", "RUN_STATE_STARTED", "RUN_STATE_RESUMED"})
    void aRunThatGoesOnTakesItsNextState(RunState state) {
        TaskLedger task = ledgerOf(
                List.of(Birds.declared(0), Birds.run("r", state), Birds.run("r", RunState.RUN_STATE_SUCCEEDED)));
        assertThat(task.run("r")).contains(Birds.run("r", RunState.RUN_STATE_SUCCEEDED));
    }

    @Test
    void theNewestDeclarationAndTheNewestHolderCount() {
        Promoted newer = TEACHER.toBuilder().setCheckpoint("c3").build();
        TaskLedger task = ledgerOf(List.of(Birds.declared(10), TEACHER, UNLABELED, Birds.declared(20), newer));
        assertThat(task.declaration()).isEqualTo(Birds.declared(20));
        assertThat(task.holder(Role.ROLE_TEACHER)).contains(newer);
        assertThat(task.holder(Role.ROLE_STUDENT)).isEmpty();
        assertThat(task.unlabeled()).containsExactly(UNLABELED);
    }

    @Test
    void factsOfOneTaskDoNotShowInAnother() {
        Ledger ledger = new Ledger();
        ledger.add(Birds.declared(0));
        ledger.add(Birds.declared(0).toBuilder().setTask("bees").build());
        ledger.add(UNLABELED);
        assertThat(ledger.tasks()).extracting(TaskLedger::name).containsExactly("birds", "bees");
        assertThat(ledger.task("bees").orElseThrow().unlabeled()).isEmpty();
        assertThat(ledger.task("ants")).isEmpty();
    }

    @Test
    void factsThatNothingIsDecidedOnAreIgnored() {
        TaskLedger task = ledgerOf(List.of(
                Birds.declared(0),
                RunProgressed.newBuilder().setTask(Birds.TASK).setRunId("r").build()));
        assertThat(task.runs()).isEmpty();
    }

    @Test
    void whatWasAskedForIsOpenUntilItsEnd() {
        Ledger ledger = new Ledger();
        ledger.add(Birds.declared(50));
        RunRequested request = RunRequested.newBuilder()
                .setTask(Birds.TASK)
                .setRunId("r1")
                .setStage(Stage.STAGE_SUPERVISED)
                .build();
        assertThat(ledger.openRuns(Topic.FINE_TUNE_REQUESTS)).isZero();
        ledger.add(request);
        ledger.add(request);
        assertThat(ledger.openRuns(Topic.FINE_TUNE_REQUESTS)).isEqualTo(1);
        assertThat(ledger.openRuns(Topic.PRETRAIN_REQUESTS)).isZero();
        ledger.add(Birds.run("r1", RunState.RUN_STATE_FAILED));
        assertThat(ledger.openRuns(Topic.FINE_TUNE_REQUESTS)).isZero();
        ledger.add(request.toBuilder().setRetry(1).build());
        assertThat(ledger.openRuns(Topic.FINE_TUNE_REQUESTS)).as("asked again").isEqualTo(1);
        ledger.add(Birds.run("r1", RunState.RUN_STATE_SUCCEEDED).toBuilder()
                .setRetry(1)
                .build());
        assertThat(ledger.openRuns(Topic.FINE_TUNE_REQUESTS)).isZero();
    }

    @Test
    void labelingIsOpenForEachShardAndTeacher() {
        Ledger ledger = new Ledger();
        ledger.add(Birds.declared(50));
        for (String shard : List.of("u", "v", "w")) {
            ledger.add(RunRequested.newBuilder()
                    .setTask(Birds.TASK)
                    .setRunId("label-" + shard)
                    .setStage(Stage.STAGE_LABEL)
                    .setDataset(Artifact.newBuilder().setDigest(shard))
                    .setParent("c2")
                    .build());
        }
        assertThat(ledger.openRuns(Topic.LABEL_REQUESTS)).isEqualTo(3);
        ledger.add(LABELS);
        ledger.add(LABELS);
        assertThat(ledger.openRuns(Topic.LABEL_REQUESTS)).isEqualTo(2);
        ledger.add(RunChanged.newBuilder()
                .setTask(Birds.TASK)
                .setRunId("label-v")
                .setStage(Stage.STAGE_LABEL)
                .setDataset("v")
                .setParent("c2")
                .setState(RunState.RUN_STATE_FAILED)
                .build());
        assertThat(ledger.openRuns(Topic.LABEL_REQUESTS)).isEqualTo(1);
    }

    private static void assertHoldsTheFacts(TaskLedger task) {
        assertThat(task.declaration()).isEqualTo(Birds.declared(50));
        assertThat(task.unlabeled()).containsExactly(UNLABELED);
        assertThat(task.labeled()).containsExactly(LABELED);
        assertThat(task.heldOut()).containsExactly(HELD_OUT);
        assertThat(task.checkpoints(Stage.STAGE_PRETRAIN))
                .containsExactly(Birds.checkpoint("c1", Stage.STAGE_PRETRAIN, 0));
        assertThat(task.checkpoint("c2")).contains(Birds.checkpoint("c2", Stage.STAGE_FINE_TUNE, 80));
        assertThat(task.softLabels("u", "c2")).contains(LABELS);
        assertThat(task.softLabels("u", "c1")).isEmpty();
        assertThat(task.holder(Role.ROLE_TEACHER)).contains(TEACHER);
        assertThat(task.runs()).containsExactly(Birds.run("r1", RunState.RUN_STATE_SUCCEEDED));
    }

    private static TaskLedger ledgerOf(List<? extends Message> facts) {
        Ledger ledger = new Ledger();
        facts.forEach(ledger::add);
        return ledger.task(Birds.TASK).orElseThrow();
    }
}
