package dev.tutelage.pretrainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Extent;
import dev.tutelage.event.v1.ImageShape;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.Recipes;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.trigger.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shards a, b and c of 10 images each; the first checkpoint has seen a and b. */
class StartingPointTest {
    private static final String TASK = "birds";
    private static final PretrainRecipe QUICK = recipe("{\"start\":\"PREVIOUS\"}");

    /** Counted by hand: 77,104 of the encoder; twice 64 * 64 + 2 * 64 and once 64 * 128 + 128 of the head. */
    private static final long QUICK_PARAMETERS = 77_104 + 2 * 4_224 + 8_320;

    private final Ledger ledger = new Ledger();

    @Test
    void aRecipeThatStartsAtRandomTakesEverythingForNew() {
        declare(recipe("{}"));
        arrive("a", "b", "c");
        pretrain("first", "run-1", 2, QUICK);
        assertStarts("", List.of("a", "b", "c"), List.of());
    }

    @Test
    void withoutACheckpointItStartsAtRandom() {
        declare(QUICK);
        arrive("a", "b", "c");
        assertStarts("", List.of("a", "b", "c"), List.of());
        assertThat(start().story()).isEmpty();
    }

    @Test
    void whatCameSinceIsNewAndTheRestIsReplayed() {
        declare(QUICK);
        arrive("a", "b", "c");
        pretrain("first", "run-1", 2, QUICK);
        assertStarts("first", List.of("c"), List.of("a", "b"));
        assertThat(start().story())
                .isEqualTo(". It goes on from checkpoint first with 10 images, and 20 more to replay from");
    }

    @Test
    void withoutReplayOldShardsAreNotAskedFor() {
        declare(recipe("{\"start\":\"PREVIOUS\",\"replay\":0}"));
        arrive("a", "b", "c");
        pretrain("first", "run-1", 2, QUICK);
        assertStarts("first", List.of("c"), List.of());
    }

    @Test
    void theNewestCheckpointCounts() {
        declare(QUICK);
        arrive("a", "b", "c");
        pretrain("first", "run-1", 1, QUICK);
        pretrain("second", "run-2", 2, QUICK);
        assertStarts("second", List.of("c"), List.of("a", "b"));
    }

    @Test
    void checkpointsOfOtherNetworksArePassedOver() {
        declare(QUICK);
        arrive("a", "b", "c");
        pretrain("first", "run-1", 1, QUICK);
        pretrain("wide", "run-2", 2, recipe("{\"encoder\":{\"width\":32}}"));
        pretrain("deep", "run-3", 2, recipe("{\"head\":{\"depth\":2}}"));
        assertStarts("first", List.of("b", "c"), List.of("a"));
    }

    @Test
    void whereNothingIsNewEverythingIsPassedOverOnceMore() {
        declare(QUICK);
        arrive("a", "b");
        pretrain("first", "run-1", 2, QUICK);
        assertStarts("first", List.of("a", "b"), List.of());
    }

    @Test
    void everythingIsNewToAnImportedCheckpoint() {
        declare(QUICK);
        arrive("a", "b");
        imported("small", QUICK_PARAMETERS - 1);
        assertStarts("", List.of("a", "b"), List.of());
        imported("fitting", QUICK_PARAMETERS);
        imported("large", QUICK_PARAMETERS + 1);
        assertStarts("fitting", List.of("a", "b"), List.of());
    }

    @Test
    void everythingIsNewToACheckpointWhoseRequestDoesNotTellItsExtent() {
        declare(QUICK);
        arrive("a", "b");
        pretrain("first", "run-1", 0, QUICK);
        assertStarts("first", List.of("a", "b"), List.of());
    }

    @Test
    void theTriggerAsksForTheStartAndForWhatIsReplayed() {
        declare(QUICK);
        arrive("a", "b", "c");
        imported("fitting", QUICK_PARAMETERS);
        Decision.Request request = (Decision.Request)
                new PretrainTrigger().decide(ledger.task(TASK).orElseThrow()).get(0);
        assertThat(request.start()).contains("fitting");
        Dataset dataset = ((Decision.Input.OfDataset) request.input()).dataset();
        assertThat(dataset.shards()).extracting(Dataset.Part::digest).containsExactly("a", "b", "c");
        assertThat(dataset.replayed()).isEmpty();
        assertThat(request.reason())
                .isEqualTo("30 unlabeled images have arrived; the task asks for 30. It goes on from checkpoint fitting"
                        + " with 30 images, and 0 more to replay from");
    }

    /** Or the first run's own checkpoint would set off the next, and so on. */
    @Test
    void theTriggerDoesNotAskAgainOnceItHasAsked() {
        declare(QUICK);
        arrive("a", "b", "c");
        pretrain("first", "run-1", 3, QUICK);
        assertThat(new PretrainTrigger().decide(ledger.task(TASK).orElseThrow()))
                .isEmpty();
    }

    private void assertStarts(String checkpoint, List<String> fresh, List<String> replayed) {
        StartingPoint start = start();
        assertThat(start.checkpoint().orElse("")).isEqualTo(checkpoint);
        assertThat(digests(start.fresh())).isEqualTo(fresh);
        assertThat(digests(start.replayed())).isEqualTo(replayed);
    }

    private StartingPoint start() {
        TaskLedger task = ledger.task(TASK).orElseThrow();
        return StartingPoint.of(task, task.unlabeled());
    }

    private static List<String> digests(List<ShardAdded> shards) {
        return shards.stream().map(shard -> shard.getShard().getDigest()).toList();
    }

    private void declare(PretrainRecipe recipe) {
        ledger.add(TaskDeclared.newBuilder()
                .setTask(TASK)
                .setImage(ImageShape.newBuilder().setChannels(1).setHeight(28).setWidth(28))
                .setRecipes(Recipes.newBuilder().setPretrain(text(recipe)))
                .setPolicies(Policies.newBuilder().setPretrainMinImages(30))
                .build());
    }

    private void arrive(String... digests) {
        for (String digest : digests) {
            ledger.add(ShardAdded.newBuilder()
                    .setTask(TASK)
                    .setShard(Artifact.newBuilder().setDigest(digest))
                    .setImages(10)
                    .setSplit(Split.SPLIT_TRAIN)
                    .build());
        }
    }

    private void pretrain(String checkpoint, String run, int shards, PretrainRecipe recipe) {
        ledger.add(RunRequested.newBuilder()
                .setTask(TASK)
                .setStage(Stage.STAGE_PRETRAIN)
                .setRunId(run)
                .setExtent(Extent.newBuilder().setUnlabeledShards(shards))
                .build());
        ledger.add(published(checkpoint).setRunId(run).setRecipe(text(recipe)).build());
    }

    private void imported(String checkpoint, long parameters) {
        ledger.add(published(checkpoint)
                .setRecipe("{\"kind\":\"import\"}")
                .setParameters(parameters)
                .build());
    }

    private static CheckpointPublished.Builder published(String checkpoint) {
        return CheckpointPublished.newBuilder()
                .setTask(TASK)
                .setDigest(checkpoint)
                .setStage(Stage.STAGE_PRETRAIN);
    }

    private static PretrainRecipe recipe(String overrides) {
        dev.tutelage.learning.recipe.Recipes<PretrainRecipe> recipes = dev.tutelage.learning.recipe.Recipes.PRETRAIN;
        return recipes.override(recipes.preset("quick"), overrides);
    }

    private static String text(PretrainRecipe recipe) {
        return dev.tutelage.learning.recipe.Recipes.PRETRAIN.write(recipe);
    }
}
