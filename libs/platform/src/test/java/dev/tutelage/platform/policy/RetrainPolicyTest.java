package dev.tutelage.platform.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.Condition;
import dev.tutelage.event.v1.Conditions;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.Evidence;
import dev.tutelage.event.v1.Overlap;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.Retraining;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.StagePolicy;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.fixture.Birds;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Decisions about pretraining, on ledgers whose facts have times. */
class RetrainPolicyTest {
    private static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
    private static final Firing FIRST = new Firing("enough has come", List.of());

    private final Ledger ledger = new Ledger();
    private Instant now = START;
    private int shards;

    @Test
    void theFirstRunNeedsNoCondition() {
        declare(policy -> policy.setWhen(newImages(1_000)));
        come(10);
        assertThat(due()).map(Grounds::reason).contains("enough has come");
    }

    @Test
    void withoutAPolicyPretrainingIsNotDueAgain() {
        declare(policy -> {});
        come(10);
        ask("run-1");
        come(1_000_000);
        assertThat(due()).isEmpty();
        assertThat(policy().watchesTheClock()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"59, false", "60, true", "61, true"})
    void soManyNewImagesMakeItDue(int images, boolean due) {
        declare(policy -> policy.setWhen(newImages(60)));
        come(100);
        ask("run-1");
        come(images);
        assertThat(due().isPresent()).isEqualTo(due);
    }

    @ParameterizedTest
    @CsvSource({"1.5, 149, false", "1.5, 150, true", "2, 199, false", "2, 200, true"})
    void growthByAFactorMakesItDue(double factor, int images, boolean due) {
        declare(policy -> policy.setWhen(Condition.newBuilder().setGrowth(factor)));
        come(100);
        ask("run-1");
        come(images - 100);
        assertThat(due().isPresent()).isEqualTo(due);
    }

    @Test
    void theReasonTellsWhatHasComeSinceWhichRun() {
        declare(policy -> policy.setWhen(newImages(6_000)));
        come(12_000);
        ask("run-1");
        come(6_140);
        Grounds grounds = due().orElseThrow();
        assertThat(grounds.reason())
                .isEqualTo("6,140 unlabeled images have come since run run-1, and 6,000 were awaited");
        assertThat(grounds.evidence())
                .containsExactly(Evidence.newBuilder()
                        .setWhat("18,140 unlabeled images, 6,140 of them since run run-1")
                        .setTopic("tutelage.shards")
                        .setKey("birds/shard-2")
                        .build());
        assertThat(grounds.extent().getUnlabeledImages()).isEqualTo(18_140);
        assertThat(grounds.extent().getUnlabeledShards()).isEqualTo(2);
    }

    @Test
    void driftMakesItDueOnceThereIsAnythingNew() {
        declare(policy -> policy.setWhen(Condition.newBuilder().setDrift(true)));
        come(100);
        drift(0);
        ask("run-1");
        come(1);
        assertThat(due()).as("drift that the last run knew").isEmpty();
        drift(1);
        Grounds grounds = due().orElseThrow();
        assertThat(grounds.evidence())
                .extracting(Evidence::getTopic, Evidence::getKey)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("tutelage.drift", "birds/teacher"));
        ask("run-2");
        drift(2);
        assertThat(due()).as("the same work would be asked for again").isEmpty();
    }

    @Test
    void aScheduleComesRoundInUtcIfThereIsAnythingNew() {
        declare(policy -> policy.setWhen(Condition.newBuilder().setSchedule("0 3 * * *")));
        come(100);
        ask("run-1");
        pass(Duration.ofHours(20));
        assertThat(due()).as("nothing has come").isEmpty();
        come(1);
        assertThat(due()).map(Grounds::reason).get().asString().contains("2026-03-03T03:00:00Z");
        ask("run-2");
        come(1);
        assertThat(due()).as("it comes round once a day").isEmpty();
        now = Instant.parse("2026-03-04T02:59:59Z");
        assertThat(due()).isEmpty();
        now = Instant.parse("2026-03-04T03:00:00Z");
        assertThat(due()).isPresent();
        assertThat(policy().watchesTheClock()).isTrue();
    }

    @Test
    void anUnreadableScheduleNeverComesRound() {
        declare(policy -> policy.setWhen(Condition.newBuilder().setSchedule("at noon")));
        come(100);
        ask("run-1");
        come(1);
        pass(Duration.ofDays(400));
        assertThat(due()).isEmpty();
    }

    @Test
    void theLastRequestMayBecomeTooOld() {
        declare(policy -> policy.setWhen(
                Condition.newBuilder().setMaxAgeMillis(Duration.ofDays(7).toMillis())));
        come(100);
        ask("run-1");
        come(1);
        pass(Duration.ofDays(7).minusMillis(1));
        assertThat(due()).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(due()).map(Grounds::reason).get().asString().contains("longer ago than 7d");
    }

    @ParameterizedTest
    @CsvSource({
        "10, false, false, false",
        "60, false, true, false",
        "10, true, true, false",
        "60, true, true, true",
    })
    void conditionsCombine(int images, boolean drift, boolean any, boolean all) {
        Conditions both = Conditions.newBuilder()
                .addConditions(newImages(60))
                .addConditions(Condition.newBuilder().setDrift(true))
                .build();
        for (boolean each : new boolean[] {true, false}) {
            declare(policy -> policy.setWhen(
                    each
                            ? Condition.newBuilder().setAny(both)
                            : Condition.newBuilder().setAll(both)));
            if (task().requests(Stage.STAGE_PRETRAIN).isEmpty()) {
                come(100);
                ask("run-1");
                come(images);
                if (drift) {
                    drift(0);
                }
            }
            assertThat(due().isPresent()).isEqualTo(each ? any : all);
        }
    }

    @Test
    void nothingIsAskedForBeforeItIsQuiet() {
        declare(policy -> policy.setQuietMillis(30_000));
        come(100);
        pass(Duration.ofSeconds(29));
        assertThat(due()).as("not even the first run").isEmpty();
        come(1);
        pass(Duration.ofSeconds(29));
        assertThat(due()).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(due()).isPresent();
    }

    @Test
    void requestsKeepTheirDistance() {
        declare(policy -> policy.setWhen(newImages(1)).setMinIntervalMillis(3_600_000));
        come(100);
        ask("run-1");
        come(1);
        pass(Duration.ofMinutes(59));
        assertThat(due()).isEmpty();
        pass(Duration.ofMinutes(1));
        assertThat(due()).isPresent();
    }

    @Test
    void aDayHasSoManyRequests() {
        declare(policy -> policy.setWhen(newImages(1)).setRunsPerDay(2));
        come(100);
        ask("run-1");
        pass(Duration.ofHours(10));
        come(1);
        ask("run-2");
        come(1);
        pass(Duration.ofHours(13));
        assertThat(due()).isEmpty();
        pass(Duration.ofHours(1));
        assertThat(due()).as("the first is a day old").isPresent();
    }

    @Test
    void soManyRunAtOnce() {
        declare(policy -> policy.setWhen(newImages(1)).setMaxRunning(2));
        come(100);
        ask("run-1");
        come(1);
        assertThat(due()).isPresent();
        ask("run-2");
        come(1);
        assertThat(due()).isEmpty();
        end("run-1", RunState.RUN_STATE_FAILED);
        assertThat(due()).isPresent();
    }

    @Test
    void aRequestMayQueueBehindAnother() {
        declare(policy -> policy.setWhen(newImages(60)).setOverlap(Overlap.OVERLAP_QUEUE));
        come(100);
        ask("run-1");
        come(60);
        assertThat(due()).isEmpty();
        come(40);
        end("run-1", RunState.RUN_STATE_SUCCEEDED);
        assertThat(due().orElseThrow().extent().getUnlabeledImages())
                .as("it is of what there is then")
                .isEqualTo(200);
    }

    @Test
    void aRequestMayTakeThePlaceOfOthers() {
        declare(policy ->
                policy.setWhen(newImages(60)).setOverlap(Overlap.OVERLAP_CANCEL).setMaxRunning(1));
        come(100);
        ask("run-1");
        come(60);
        assertThat(due().orElseThrow().superseded())
                .extracting(RunRequested::getRunId)
                .containsExactly("run-1");
        add(CancellationRequested.newBuilder()
                .setTask(Birds.TASK)
                .setRunId("run-1")
                .build());
        ask("run-2");
        come(60);
        assertThat(due().orElseThrow().superseded())
                .as("run-1 is told already")
                .extracting(RunRequested::getRunId)
                .containsExactly("run-2");
    }

    @Test
    void otherwiseBothRun() {
        declare(policy -> policy.setWhen(newImages(60)));
        come(100);
        ask("run-1");
        come(60);
        assertThat(due().orElseThrow().superseded()).isEmpty();
    }

    @Test
    void anotherRecipeMakesItDue() {
        declare(policy -> {});
        come(100);
        ask("run-1");
        add(task().declaration().toBuilder()
                .setRecipes(task().declaration().getRecipes().toBuilder().setPretrain("{\"epochs\":2}"))
                .build());
        assertThat(due()).map(Grounds::reason).get().asString().contains("another recipe");
    }

    @Test
    void requestsOfOlderVersionsKnowNoExtent() {
        declare(policy -> policy.setWhen(newImages(60)));
        come(50);
        add(RunRequested.newBuilder()
                .setTask(Birds.TASK)
                .setRunId("old")
                .setStage(Stage.STAGE_PRETRAIN)
                .build());
        assertThat(due()).isEmpty();
        come(10);
        assertThat(due()).as("all that there is counts as new").isPresent();
    }

    private void declare(Consumer<StagePolicy.Builder> change) {
        StagePolicy.Builder policy = StagePolicy.newBuilder();
        change.accept(policy);
        add(Birds.declared(0).toBuilder()
                .setPolicies(
                        Policies.newBuilder().setRetrain(Retraining.newBuilder().setPretrain(policy)))
                .build());
    }

    private static Condition.Builder newImages(long images) {
        return Condition.newBuilder().setNewImages(images);
    }

    private void come(int images) {
        add(Birds.shard("shard-" + ++shards, images));
    }

    private void drift(int window) {
        add(DriftDetected.newBuilder()
                .setTask(Birds.TASK)
                .setTeacher("teacher")
                .setWindow(window)
                .build());
    }

    private void ask(String run) {
        add(RunRequested.newBuilder()
                .setTask(Birds.TASK)
                .setRunId(run)
                .setStage(Stage.STAGE_PRETRAIN)
                .setNumber(task().requests(Stage.STAGE_PRETRAIN).size() + 1L)
                .setExtent(Standing.extentOf(task()))
                .build());
    }

    private void end(String run, RunState state) {
        add(RunChanged.newBuilder()
                .setTask(Birds.TASK)
                .setRunId(run)
                .setStage(Stage.STAGE_PRETRAIN)
                .setState(state)
                .build());
    }

    private void add(com.google.protobuf.Message fact) {
        ledger.add(fact, now);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private TaskLedger task() {
        return ledger.task(Birds.TASK).orElseThrow();
    }

    private RetrainPolicy policy() {
        return RetrainPolicy.of(task().declaration(), Stage.STAGE_PRETRAIN);
    }

    private Optional<Grounds> due() {
        TaskDeclared declared = task().declaration();
        Standing standing = new Standing(
                task(),
                now,
                new Standing.Work(
                        Stage.STAGE_PRETRAIN,
                        declared.getRecipes().getPretrain(),
                        Optional.empty(),
                        Standing.extentOf(task()).build(),
                        List.of(Measure.UNLABELED_IMAGES),
                        task().arrivals().newestUnlabeled(),
                        Optional.empty(),
                        Optional.empty()));
        return policy().due(standing, FIRST);
    }
}
