package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.backup.Backup;
import dev.tutelage.cli.backup.Restore;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.cli.machine.ProcessStatus;
import dev.tutelage.cli.verify.SoftLabelVerifier;
import dev.tutelage.cli.verify.Verification;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.learning.data.ImageSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole loop that is backed up while it labels, and goes on elsewhere. */
class BackupIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int MORE_SHARDS = 12;
    private static final int MORE_IMAGES = 20;

    @TempDir
    private Path directory;

    @Test
    @Tag("slow")
    void aLoopThatIsRestoredComputesNothingAgainAndGoesOn() throws Exception {
        Path copies = directory.resolve("copies");
        Backup.Summary made = runAndBackUp(copies);
        assertThat(made.missing()).isEmpty();

        MachineOptions options = MachineOptions.everything(Home.directory(), directory.resolve("restored"));
        try (Machine machine = Machine.start(options.withServices(List.of()), BackupIT::tell)) {
            new Restore(machine.kafka(), machine.artifactStore(), System.out::println).from(copies);
        }
        try (Machine machine = Machine.start(options, BackupIT::tell);
                TinyTask task = new TinyTask("kept", machine);
                Watcher watcher = new Watcher("kept", machine)) {
            watcher.catchUp();
            List<CheckpointPublished> checkpoints = watcher.checkpoints();
            long trainings = trainings(watcher);
            assertThat(checkpoints).hasSize(4);
            System.out.println("Restored with soft labels of "
                    + watcher.softLabels().size() + " of " + watcher.shards().size() + " shards");

            task.addShard(more(MORE_SHARDS));
            int unlabeled = TinyTask.UNLABELED / TinyTask.SHARD_SIZE + MORE_SHARDS + 1;
            watcher.await(
                    "labels of every shard",
                    PATIENCE,
                    () -> watcher.softLabels().size() >= unlabeled);
            Verification found = new SoftLabelVerifier(machine.kafka(), machine.artifactStore())
                    .verify(Optional.empty(), Duration.ofMinutes(1));
            assertThat(found.findings()).isEmpty();
            assertThat(found.pending()).isZero();
            watcher.catchUp();
            assertThat(watcher.softLabels())
                    .hasSize(unlabeled)
                    .extracting(SoftLabelsAdded::getShard)
                    .doesNotHaveDuplicates();
            assertThat(watcher.checkpoints()).isEqualTo(checkpoints);
            assertThat(trainings(watcher)).as("attempts of trainings").isEqualTo(trainings);
            assertThat(watcher.deadLetters()).isEmpty();
            assertEveryByteIsThere(machine, checkpoints);
        }
    }

    /** Backs up while the labeler is at work. */
    private Backup.Summary runAndBackUp(Path copies) throws Exception {
        try (Machine machine = Machine.start(
                        MachineOptions.everything(Home.directory(), directory.resolve("machine")), BackupIT::tell);
                TinyTask task = new TinyTask("kept", machine);
                Watcher watcher = new Watcher("kept", machine)) {
            task.begin();
            watcher.await("a student", PATIENCE, watcher::hasStudentAndRest);
            for (int i = 0; i < MORE_SHARDS; i++) {
                task.addShard(more(i));
            }
            return new Backup(machine.kafka(), machine.artifactStore(), Clock.systemUTC()).into(copies);
        }
    }

    private static ImageSet more(int shard) throws Exception {
        int first = TinyTask.UNLABELED + shard * MORE_IMAGES;
        return TinyTask.train()
                .withoutLabels()
                .subset(IntStream.range(first, first + MORE_IMAGES).toArray());
    }

    private static long trainings(Watcher watcher) {
        return Stream.of(RunState.RUN_STATE_STARTED, RunState.RUN_STATE_RESUMED)
                .flatMap(state -> watcher.runs(state).stream())
                .map(RunChanged::getStage)
                .filter(stage -> stage != Stage.STAGE_LABEL)
                .count();
    }

    private void assertEveryByteIsThere(Machine machine, List<CheckpointPublished> checkpoints) throws Exception {
        Path file = directory.resolve("file");
        for (CheckpointPublished checkpoint : checkpoints) {
            for (Artifact artifact : checkpoint.getFilesList()) {
                machine.artifactStore().fetch(artifact, file);
                assertThat(Files.size(file)).isEqualTo(artifact.getSize());
            }
        }
    }

    private static void tell(ProcessStatus status) {
        System.out.println(status.line());
    }
}
