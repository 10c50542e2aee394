package dev.tutelage.pretrainer;

import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.train.PretrainedModel;
import dev.tutelage.platform.ledger.TaskLedger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a pretraining that is due begins with, and which of its shards are new to that.
 *
 * <p>It follows from what is known at that moment, the newest checkpoint above all. So it is to be asked for once for each
 * time that pretraining is due, and a trigger that has asked for the run does not ask again.
 *
 * @param checkpoint digest of the checkpoint whose weights it starts with; empty for random ones
 * @param fresh shards of which every epoch sees all images
 * @param replayed shards that the checkpoint was trained on, of which an epoch sees some images again
 */
record StartingPoint(Optional<String> checkpoint, List<ShardAdded> fresh, List<ShardAdded> replayed) {

    StartingPoint {
        fresh = List.copyOf(fresh);
        replayed = List.copyOf(replayed);
    }

    /**
     * The one that the task's recipe wants. What is new is what came after the shards of the run that made the checkpoint.
     * Of a checkpoint that was imported, or whose request does not tell its extent, that is everything; and where nothing has
     * come since, everything is passed over once more.
     *
     * @param shards the first unlabeled shards of the task, those that are to be learned from
     */
    static StartingPoint of(TaskLedger task, List<ShardAdded> shards) {
        Optional<PretrainRecipe> recipe =
                Recipes.PRETRAIN.readable(task.declaration().getRecipes().getPretrain());
        Optional<CheckpointPublished> previous = recipe.filter(
                        wanted -> wanted.start() == PretrainRecipe.Start.PREVIOUS)
                .flatMap(wanted -> newestThatFits(task, wanted));
        int known = previous.map(checkpoint -> shardsOf(task, checkpoint)).orElse(0);
        boolean news = known < shards.size();
        boolean replays = news && recipe.filter(wanted -> wanted.replay() > 0).isPresent();
        return new StartingPoint(
                previous.map(CheckpointPublished::getDigest),
                news ? shards.subList(known, shards.size()) : shards,
                replays ? shards.subList(0, known) : List.of());
    }

    /** For people: how it begins, or nothing if at random. */
    String story() {
        return checkpoint
                .map(digest -> String.format(
                        Locale.ROOT,
                        ". It goes on from checkpoint %s with %,d images, and %,d more to replay from",
                        digest.substring(0, Math.min(12, digest.length())),
                        images(fresh),
                        images(replayed)))
                .orElse("");
    }

    private static int images(List<ShardAdded> shards) {
        return shards.stream().mapToInt(ShardAdded::getImages).sum();
    }

    private static Optional<CheckpointPublished> newestThatFits(TaskLedger task, PretrainRecipe recipe) {
        List<CheckpointPublished> all = task.checkpoints(Stage.STAGE_PRETRAIN);
        for (int i = all.size() - 1; i >= 0; i--) {
            if (!task.isExpired(all.get(i).getDigest()) && fits(all.get(i), recipe, task.declaration())) {
                return Optional.of(all.get(i));
            }
        }
        return Optional.empty();
    }

    /**
     * Whether it has the networks of the recipe. Of an imported one the fact does not tell them, only how many parameters
     * they have; whether it fits indeed, the worker looks.
     */
    private static boolean fits(CheckpointPublished checkpoint, PretrainRecipe wanted, TaskDeclared task) {
        return Recipes.PRETRAIN
                .readable(checkpoint.getRecipe())
                .map(made ->
                        made.encoder().equals(wanted.encoder()) && made.head().equals(wanted.head()))
                .orElseGet(() -> checkpoint.getParameters()
                        == parameters(wanted, task.getImage().getChannels()));
    }

    private static long parameters(PretrainRecipe recipe, int channels) {
        ResNet encoder = recipe.encoder().resNet(channels);
        ProjectionHead head = recipe.head().on(encoder);
        return PretrainedModel.parameters(encoder, head).stream()
                .filter(Parameter::trainable)
                .mapToLong(parameter -> parameter.shape().size())
                .sum();
    }

    private static int shardsOf(TaskLedger task, CheckpointPublished checkpoint) {
        return task.request(checkpoint.getRunId())
                .map(RunRequested::getExtent)
                .map(extent -> Math.toIntExact(extent.getUnlabeledShards()))
                .orElse(0);
    }
}
