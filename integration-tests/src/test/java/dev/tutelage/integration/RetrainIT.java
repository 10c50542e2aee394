package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Evidence;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.learning.data.ImageSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task whose policies make stages due again, with two triggers of those that are retrained. */
@Tag("slow")
class RetrainIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Test
    void whatComesLaterIsPretrainedAndFineTunedOnByThePolicies(@TempDir Path directory, @TempDir Path other)
            throws Exception {
        MachineOptions options = MachineOptions.everything(Home.directory(), directory.resolve("machine"));
        try (Machine machine = Machine.start(options, status -> System.out.println(status.line()));
                Twins twins = Twins.start(List.of("pretrainer", "fine-tuner"), machine, other);
                TinyTask task = TinyTask.ofPolicies(machine);
                Watcher watcher = new Watcher(task.name(), machine)) {
            task.begin();
            watcher.await("a student", PATIENCE, watcher::hasStudent);

            addUnlabeled(task, 600, 900);
            watcher.await(
                    "a second fine-tuned checkpoint",
                    PATIENCE,
                    () -> watcher.checkpoints(Stage.STAGE_FINE_TUNE).size() == 2);
            watcher.catchUp();

            List<RunRequested> pretrainings = watcher.requests(Stage.STAGE_PRETRAIN);
            assertThat(pretrainings).extracting(RunRequested::getNumber).containsExactlyInAnyOrder(1L, 2L);
            RunRequested second = pretrainings.stream()
                    .filter(request -> request.getNumber() == 2)
                    .findFirst()
                    .orElseThrow();
            assertThat(second.getExtent().getUnlabeledImages()).isEqualTo(900);
            assertThat(second.getReason()).contains("300 unlabeled images have come since run pretrain-");
            assertThat(second.getEvidenceList()).extracting(Evidence::getTopic).containsExactly("tutelage.shards");
            assertThat(watcher.requests(Stage.STAGE_FINE_TUNE))
                    .extracting(RunRequested::getParent)
                    .containsExactlyInAnyOrderElementsOf(watcher.checkpoints(Stage.STAGE_PRETRAIN).stream()
                            .map(CheckpointPublished::getDigest)
                            .toList());
            assertThat(twins.areAlive()).isTrue();
        }
    }

    private static void addUnlabeled(TinyTask task, int from, int to) throws Exception {
        ImageSet images = TinyTask.train().withoutLabels();
        for (int first = from; first < to; first += TinyTask.SHARD_SIZE) {
            task.addShard(images.subset(
                    IntStream.range(first, first + TinyTask.SHARD_SIZE).toArray()));
        }
    }
}
