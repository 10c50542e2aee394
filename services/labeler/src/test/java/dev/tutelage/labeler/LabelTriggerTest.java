package dev.tutelage.labeler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.trigger.Decision;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelTriggerTest {
    private static final String TASK = "birds";
    private static final Instant PROMOTION = Instant.parse("2026-01-31T12:00:00Z");

    private final Ledger ledger = new Ledger();

    LabelTriggerTest() {
        ledger.add(TaskDeclared.newBuilder().setTask(TASK).build());
    }

    @Test
    void withoutATeacherNothingIsLabeled() {
        shard("s", -1);
        assertThat(due()).isEmpty();
    }

    @Test
    void whatWasThereBeforeTheTeacherIsBacklogAndComesLast() {
        shard("before", -1);
        promote();
        shard("after", 1);
        assertThat(due()).extracting(LabelTriggerTest::shardOf).containsExactly("after", "before");
        assertThat(due()).extracting(Decision.Request::backlog).containsExactly(false, true);
    }

    @Test
    void whatWasAskedForIsNotAskedForAgain() {
        promote();
        shard("s", 1);
        ledger.add(RunChanged.newBuilder()
                .setTask(TASK)
                .setRunId("label-s")
                .setStage(Stage.STAGE_LABEL)
                .setState(RunState.RUN_STATE_FAILED)
                .setParent("teacher")
                .setDataset("s")
                .build());
        assertThat(due()).isEmpty();
    }

    @Test
    void aLargeBacklogDoesNotHoldUpNewShards() {
        for (int i = 0; i < 2_000; i++) {
            shard("old-" + i, -1);
        }
        promote();
        shard("new", 1);
        List<Decision.Request> due = due();
        assertThat(due).hasSizeLessThan(1_000);
        assertThat(shardOf(due.get(0))).isEqualTo("new");
        assertThat(shardOf(due.get(1))).isEqualTo("old-0");
    }

    private void promote() {
        ledger.add(
                Promoted.newBuilder()
                        .setTask(TASK)
                        .setRole(Role.ROLE_TEACHER)
                        .setCheckpoint("teacher")
                        .build(),
                PROMOTION);
    }

    private void shard(String digest, long secondsAfterPromotion) {
        ledger.add(
                ShardAdded.newBuilder()
                        .setTask(TASK)
                        .setShard(Artifact.newBuilder().setDigest(digest))
                        .setImages(10)
                        .setSplit(Split.SPLIT_TRAIN)
                        .build(),
                PROMOTION.plusSeconds(secondsAfterPromotion));
    }

    private List<Decision.Request> due() {
        return new LabelTrigger()
                .decide(ledger.task(TASK).orElseThrow()).stream()
                        .map(Decision.Request.class::cast)
                        .toList();
    }

    private static String shardOf(Decision.Request request) {
        return ((Decision.Input.OfShard) request.input()).shard().getDigest();
    }

    @Test
    void theShardsThatCheckpointsAreEvaluatedOnGoWithEachRequest() {
        ledger.add(TaskDeclared.newBuilder()
                .setTask(TASK)
                .setPolicies(Policies.newBuilder().setEvaluationMinImages(20))
                .build());
        for (String digest : List.of("h1", "h2", "h3")) {
            ledger.add(shard(digest, Split.SPLIT_HELD_OUT));
        }
        ledger.add(shard("u1", Split.SPLIT_TRAIN));
        ledger.add(shard("u2", Split.SPLIT_TRAIN));
        ledger.add(Promoted.newBuilder()
                .setTask(TASK)
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint("teacher")
                .build());
        List<Decision> decisions = new LabelTrigger().decide(ledger.task(TASK).orElseThrow());
        assertThat(decisions).hasSize(2).allSatisfy(decision -> assertThat(((Decision.Request) decision).heldOut())
                .extracting(Artifact::getDigest)
                .containsExactly("h1", "h2"));
    }

    private static ShardAdded shard(String digest, Split split) {
        return ShardAdded.newBuilder()
                .setTask(TASK)
                .setShard(Artifact.newBuilder().setDigest(digest))
                .setImages(10)
                .setLabeled(split == Split.SPLIT_HELD_OUT)
                .setSplit(split)
                .build();
    }
}
