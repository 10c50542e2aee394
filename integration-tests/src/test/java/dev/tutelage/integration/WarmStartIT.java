package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.platform.run.Dataset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Pretraining that goes on from a checkpoint, by the worker alone: what it is asked for is asked here. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WarmStartIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int OLD_SHARDS = 6;
    private static final int IMAGES = 2 * OLD_SHARDS * TinyTask.SHARD_SIZE;

    private Machine machine;

    @BeforeAll
    void start(@TempDir Path state) throws Exception {
        machine = Machine.start(
                MachineOptions.everything(Home.directory(), state.resolve("machine"))
                        .withServices(List.of("pretrainer"))
                        .withEnvironment("pretrainer", Map.of("TUTELAGE_ROLES", "worker")),
                status -> System.out.println(status.line()));
    }

    @AfterAll
    void stop() {
        machine.close();
    }

    @Test
    void aWarmStartKnowsAtOnceWhatARandomOneMustLearnAndTheLineageTellsIt(@TempDir Path directory) throws Exception {
        try (TinyTask task = new TinyTask("warm", machine);
                Watcher watcher = new Watcher("warm", machine)) {
            List<ShardAdded> shards = stream(task, watcher);
            List<ShardAdded> old = shards.subList(0, OLD_SHARDS);
            List<ShardAdded> fresh = shards.subList(OLD_SHARDS, shards.size());

            CheckpointPublished first = checkpoint(
                    watcher, task.pretrain(name -> Dataset.of(name, old, List.of(), List.of()), "{\"epochs\": 8}", ""));
            CheckpointPublished warm = checkpoint(
                    watcher,
                    task.pretrain(
                            name -> Dataset.of(name, fresh, List.of(), List.of())
                                    .replaying(old),
                            "{\"start\": \"PREVIOUS\", \"replay\": 0.5, \"warmEpochs\": 1}",
                            first.getDigest()));
            CheckpointPublished cold = checkpoint(
                    watcher,
                    task.pretrain(name -> Dataset.of(name, shards, List.of(), List.of()), "{\"epochs\": 1}", ""));

            assertThat(warm.getMetricsOrThrow("loss"))
                    .as("loss of the first epoch, of as many images")
                    .isLessThan(cold.getMetricsOrThrow("loss") - 0.5);
            assertThat(warm.getMetricsMap()).containsEntry("images.new", 600.0).containsEntry("images.replayed", 600.0);
            assertThat(warm.getStart()).isEqualTo(first.getDigest());
            assertThat(cold.getStart()).isEmpty();
            assertThat(task.read(warm, Checkpoint.MANIFEST, directory)).contains(first.getDigest());
            assertThat(task.read(warm, Checkpoint.CARD, directory))
                    .contains("It went on from checkpoint `" + first.getDigest()
                            + "`: an epoch saw 600 new images and 600 that the checkpoint had seen, which are 50%.");
        }
    }

    @Test
    void aCheckpointThatPretrainingCannotGoOnFromIsRefusedWithTheReason() throws Exception {
        try (TinyTask task = new TinyTask("misfit", machine);
                Watcher watcher = new Watcher("misfit", machine)) {
            List<ShardAdded> shards = stream(task, watcher);
            CheckpointPublished first = checkpoint(
                    watcher,
                    task.pretrain(name -> Dataset.of(name, shards, List.of(), List.of()), "{\"epochs\": 1}", ""));
            String narrow = task.pretrain(
                    name -> Dataset.of(name, shards, List.of(), List.of()),
                    "{\"start\": \"PREVIOUS\", \"encoder\": {\"width\": 8}}",
                    first.getDigest());
            assertThat(failure(watcher, narrow)).contains("the checkpoint has encoder.width 16, the recipe wants 8");

            String classifier = task.promoteRandomTeacher(1);
            String headless = task.pretrain(
                    name -> Dataset.of(name, shards, List.of(), List.of()), "{\"start\": \"PREVIOUS\"}", classifier);
            assertThat(failure(watcher, headless))
                    .contains("Checkpoint " + classifier + ", which pretraining is to go on from, is a fine-tuned one");
        }
    }

    private static List<ShardAdded> stream(TinyTask task, Watcher watcher) throws Exception {
        task.declare();
        task.addUnlabeled(IMAGES);
        watcher.await("all shards", PATIENCE, () -> watcher.shards().size() == 2 * OLD_SHARDS);
        assertThat(watcher.shards()).allMatch(shard -> !shard.getLabeled() && shard.getSplit() == Split.SPLIT_TRAIN);
        return watcher.shards();
    }

    private static CheckpointPublished checkpoint(Watcher watcher, String run) {
        watcher.await("a checkpoint of " + run, PATIENCE, () -> watcher.checkpoints(Stage.STAGE_PRETRAIN).stream()
                .anyMatch(checkpoint -> checkpoint.getRunId().equals(run)));
        return watcher.checkpoints(Stage.STAGE_PRETRAIN).stream()
                .filter(checkpoint -> checkpoint.getRunId().equals(run))
                .findFirst()
                .orElseThrow();
    }

    private static String failure(Watcher watcher, String run) {
        watcher.await("the end of " + run, PATIENCE, () -> watcher.runs(RunState.RUN_STATE_FAILED).stream()
                .anyMatch(failed -> failed.getRunId().equals(run)));
        return watcher.runs(RunState.RUN_STATE_FAILED).stream()
                .filter(failed -> failed.getRunId().equals(run))
                .map(RunChanged::getMessage)
                .findFirst()
                .orElseThrow();
    }
}
