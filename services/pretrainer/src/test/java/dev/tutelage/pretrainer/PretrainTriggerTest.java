package dev.tutelage.pretrainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.Condition;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.Retraining;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.StagePolicy;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.policy.Grounds;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.trigger.Decision;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class PretrainTriggerTest {
    private static final String TASK = "birds";

    private final Ledger ledger = new Ledger();
    private Instant now = Instant.parse("2026-03-02T10:00:00Z");

    @Test
    void itIsDueOnceThereAreEnoughImagesAndThenOfAll() {
        declare(StagePolicy.getDefaultInstance());
        come("u1", 60);
        assertThat(due()).isEmpty();
        come("u2", 60);
        come("u3", 60);
        assertThat(shards()).containsExactly("u1", "u2", "u3");
        assertThat(request().reason()).isEqualTo("180 unlabeled images have arrived; the task asks for 100");
        ask();
        come("u4", 1_000);
        assertThat(due()).as("once, where no policy says otherwise").isEmpty();
    }

    @Test
    void aPolicyMakesItDueAgainWithAllThatThereIs() {
        declare(StagePolicy.newBuilder()
                .setWhen(Condition.newBuilder().setNewImages(60))
                .build());
        come("u1", 100);
        ask();
        come("u2", 59);
        assertThat(due()).isEmpty();
        come("u3", 1);
        assertThat(shards()).containsExactly("u1", "u2", "u3");
        Grounds grounds = request().grounds().orElseThrow();
        assertThat(grounds.extent().getUnlabeledImages()).isEqualTo(160);
        assertThat(request().reason()).contains("60 unlabeled images have come since run run-1");
    }

    @Test
    void timeAloneMayMakeItDue() {
        declare(StagePolicy.newBuilder().setQuietMillis(30_000).build());
        PretrainTrigger trigger = new PretrainTrigger();
        come("u1", 100);
        assertThat(due()).isEmpty();
        assertThat(trigger.watchesTheClock(ledger.task(TASK).orElseThrow())).isTrue();
        now = now.plus(Duration.ofSeconds(30));
        assertThat(due()).hasSize(1);
    }

    private void declare(StagePolicy policy) {
        ledger.add(
                TaskDeclared.newBuilder()
                        .setTask(TASK)
                        .setPolicies(Policies.newBuilder()
                                .setPretrainMinImages(100)
                                .setRetrain(Retraining.newBuilder().setPretrain(policy)))
                        .build(),
                now);
    }

    private void come(String digest, int images) {
        ledger.add(
                ShardAdded.newBuilder()
                        .setTask(TASK)
                        .setShard(Artifact.newBuilder().setDigest(digest))
                        .setImages(images)
                        .setSplit(Split.SPLIT_TRAIN)
                        .build(),
                now);
    }

    /** What is due is asked for. */
    private void ask() {
        Grounds grounds = request().grounds().orElseThrow();
        int number =
                ledger.task(TASK).orElseThrow().requests(Stage.STAGE_PRETRAIN).size() + 1;
        ledger.add(
                RunRequested.newBuilder()
                        .setTask(TASK)
                        .setRunId("run-" + number)
                        .setStage(Stage.STAGE_PRETRAIN)
                        .setNumber(number)
                        .setExtent(grounds.extent())
                        .build(),
                now);
    }

    private List<Decision> due() {
        return new PretrainTrigger(Clock.fixed(now, ZoneOffset.UTC))
                .decide(ledger.task(TASK).orElseThrow());
    }

    private Decision.Request request() {
        List<Decision> due = due();
        assertThat(due).hasSize(1);
        return (Decision.Request) due.get(0);
    }

    private List<String> shards() {
        return ((Decision.Input.OfDataset) request().input())
                .dataset().shards().stream().map(Dataset.Part::digest).toList();
    }
}
