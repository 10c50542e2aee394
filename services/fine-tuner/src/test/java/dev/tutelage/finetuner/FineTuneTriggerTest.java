package dev.tutelage.finetuner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Condition;
import dev.tutelage.event.v1.Conditions;
import dev.tutelage.event.v1.Overlap;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.Recipes;
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
import dev.tutelage.platform.trigger.Gate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FineTuneTriggerTest {
    private static final String TASK = "birds";
    private static final StagePolicy.Builder NEW_PARENT_OR_LABELS = StagePolicy.newBuilder()
            .setWhen(Condition.newBuilder()
                    .setAny(Conditions.newBuilder()
                            .addConditions(Condition.newBuilder().setNewParent(true))
                            .addConditions(Condition.newBuilder().setNewLabels(20))));

    private final Ledger ledger = new Ledger();

    @Test
    void eachPretrainedCheckpointIsFineTunedOnce() {
        declare(StagePolicy.newBuilder(), "");
        pretrained("p1");
        assertThat(due()).as("there are no labels").isEmpty();
        labels("l1");
        pretrained("p2");
        assertThat(askForAll()).containsExactly("p1", "p2");
        labels("l2");
        assertThat(due()).as("labels alone, without a policy").isEmpty();
        pretrained("p3");
        assertThat(askForAll()).containsExactly("p3");
    }

    @Test
    void newLabelsAreLearnedFromOnTheNewestCheckpoint() {
        declare(NEW_PARENT_OR_LABELS, "");
        labels("l1");
        pretrained("p1");
        pretrained("p2");
        assertThat(askForAll()).containsExactly("p1", "p2");
        labels("l2");
        assertThat(due()).isEmpty();
        labels("l3");
        Decision.Request request = request();
        assertThat(request.parent()).contains("p2");
        assertThat(((Decision.Input.OfDataset) request.input()).dataset().shards())
                .extracting(Dataset.Part::digest)
                .containsExactly("l1", "l2", "l3");
        assertThat(request.reason()).contains("20 labels have come since");
    }

    @Test
    void whatQueuesIsOfTheNewestCheckpointAlone() {
        declare(NEW_PARENT_OR_LABELS.clone().setOverlap(Overlap.OVERLAP_QUEUE), "");
        labels("l1");
        pretrained("p1");
        assertThat(askForAll()).containsExactly("p1");
        pretrained("p2");
        pretrained("p3");
        assertThat(due()).isEmpty();
        succeed("run-1");
        assertThat(askForAll()).containsExactly("p3");
        succeed("run-2");
        assertThat(due()).as("p2 is behind").isEmpty();
    }

    @Test
    void whatTakesThePlaceOfOthersTellsWhich() {
        declare(NEW_PARENT_OR_LABELS.clone().setOverlap(Overlap.OVERLAP_CANCEL), "");
        labels("l1");
        pretrained("p1");
        assertThat(askForAll()).containsExactly("p1");
        pretrained("p2");
        assertThat(request().grounds().map(Grounds::superseded).orElseThrow())
                .extracting(RunRequested::getRunId)
                .containsExactly("run-1");
    }

    @Test
    void theBaselineIsTrainedOnceForEachRecipe() {
        declare(StagePolicy.newBuilder(), "{\"epochs\":1}");
        labels("l1");
        assertThat(request().stage()).isEqualTo(Stage.STAGE_SUPERVISED);
        ask(request());
        labels("l2");
        assertThat(due()).isEmpty();
        declare(StagePolicy.newBuilder(), "{\"epochs\":2}");
        assertThat(request().recipe()).isEqualTo("{\"epochs\":2}");
    }

    private void declare(StagePolicy.Builder policy, String supervised) {
        ledger.add(TaskDeclared.newBuilder()
                .setTask(TASK)
                .setRecipes(Recipes.newBuilder().setSupervised(supervised))
                .setPolicies(Policies.newBuilder()
                        .setFineTuneMinLabels(10)
                        .setEvaluationMinImages(10)
                        .setRetrain(Retraining.newBuilder().setFineTune(policy)))
                .build());
        ledger.add(shard("h1").setSplit(Split.SPLIT_HELD_OUT).build());
    }

    private void labels(String digest) {
        ledger.add(shard(digest).build());
    }

    private static ShardAdded.Builder shard(String digest) {
        return ShardAdded.newBuilder()
                .setTask(TASK)
                .setShard(Artifact.newBuilder().setDigest(digest))
                .setImages(10)
                .setLabeled(true)
                .setSplit(Split.SPLIT_TRAIN);
    }

    private void pretrained(String digest) {
        ledger.add(CheckpointPublished.newBuilder()
                .setTask(TASK)
                .setDigest(digest)
                .setStage(Stage.STAGE_PRETRAIN)
                .build());
    }

    private void succeed(String run) {
        ledger.add(dev.tutelage.event.v1.RunChanged.newBuilder()
                .setTask(TASK)
                .setRunId(run)
                .setStage(Stage.STAGE_FINE_TUNE)
                .setState(dev.tutelage.event.v1.RunState.RUN_STATE_SUCCEEDED)
                .build());
    }

    /** Asks for what is due until nothing is. @return the parents, in the order in which they were asked for */
    private List<String> askForAll() {
        List<String> parents = new ArrayList<>();
        while (!due().isEmpty()) {
            ask(request());
            parents.add(last().getParent());
        }
        return parents;
    }

    private RunRequested last() {
        List<RunRequested> requests = ledger.task(TASK).orElseThrow().requests(Stage.STAGE_FINE_TUNE);
        return requests.get(requests.size() - 1);
    }

    private void ask(Decision.Request request) {
        int number = ledger.task(TASK).orElseThrow().requests(request.stage()).size() + 1;
        ledger.add(RunRequested.newBuilder()
                .setTask(TASK)
                .setRunId("run-" + number)
                .setStage(request.stage())
                .setParent(request.parent().orElse(""))
                .setRecipe(request.recipe())
                .setNumber(number)
                .setExtent(request.grounds().orElseThrow().extent())
                .build());
    }

    private List<Decision> due() {
        return new FineTuneTrigger(new Gate(checkpoint -> Optional.empty()), Clock.systemUTC())
                .decide(ledger.task(TASK).orElseThrow());
    }

    private Decision.Request request() {
        List<Decision> due = due();
        assertThat(due).hasSize(1);
        return (Decision.Request) due.get(0);
    }
}
