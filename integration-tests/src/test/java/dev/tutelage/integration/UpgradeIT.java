package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.cli.verify.SystemVerification;
import dev.tutelage.cli.verify.SystemVerifier;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * This version goes on where an earlier one was stopped in the middle of a distillation. No earlier jar runs here: what it
 * left on topics and in the store was recorded ({@code src/test/resources/upgrade}) when it was the newest, and lies here
 * byte for byte.
 */
@Tag("faults")
class UpgradeIT {
    private static final String TASK = "upgrade";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path RECORDED = Path.of("src/test/resources/upgrade");

    @Test
    void aRunThatAnEarlierVersionBeganIsBroughtToItsEnd(@TempDir Path directory) throws Exception {
        MachineOptions options = MachineOptions.everything(Home.directory(), directory.resolve("machine"));
        try (Machine machine = Machine.start(options.withServices(List.of()), status -> {})) {
            new LeftBehind(RECORDED.resolve("before-policies.zip")).restore(machine);
        }
        try (Machine machine = Machine.start(options, status -> {});
                Watcher watcher = new Watcher(TASK, machine)) {
            watcher.await("a student", PATIENCE, () -> !watcher.checkpoints(Stage.STAGE_DISTILL)
                    .isEmpty());
            SystemVerification found =
                    new SystemVerifier(machine.kafka(), machine.artifactStore()).verify(Optional.of(TASK), PATIENCE);
            assertThat(found.findings()).isEmpty();
            assertThat(found.pending()).isZero();
            watcher.catchUp();
            assertThat(watcher.runs(RunState.RUN_STATE_RESUMED))
                    .as("the distillation alone was under way")
                    .extracting(RunChanged::getStage)
                    .containsExactly(Stage.STAGE_DISTILL);
            assertThat(watcher.checkpoints())
                    .as("nothing is done again")
                    .extracting(checkpoint -> checkpoint.getStage())
                    .containsExactlyInAnyOrder(Stage.STAGE_PRETRAIN, Stage.STAGE_FINE_TUNE, Stage.STAGE_DISTILL);
        }
    }

    /** Records what this version leaves, for later ones: {@code -Dupgrade.record=FILE}. */
    @Test
    @EnabledIfSystemProperty(named = "upgrade.record", matches = ".+")
    void record(@TempDir Path directory) throws Exception {
        MachineOptions options = MachineOptions.everything(Home.directory(), directory.resolve("machine"))
                .withEnvironment("student-trainer", Map.of("TUTELAGE_WORKER_SNAPSHOT_EVERY", "1s"));
        try (Machine machine = Machine.start(options, status -> {});
                TinyTask task = TinyTask.ofUpgrade(machine);
                Watcher watcher = new Watcher(TASK, machine)) {
            task.begin();
            watcher.await("distillation", PATIENCE, () -> watcher.hasStarted(Stage.STAGE_DISTILL));
            String run = watcher.runs(RunState.RUN_STATE_STARTED).stream()
                    .filter(started -> started.getStage() == Stage.STAGE_DISTILL)
                    .map(RunChanged::getRunId)
                    .findFirst()
                    .orElseThrow();
            await().atMost(PATIENCE).until(() -> !machine.artifactStore()
                    .list("runs/" + run + "/snapshots/")
                    .isEmpty());
            options.services().forEach(machine::freeze);
            Path file = Path.of(System.getProperty("upgrade.record"));
            new LeftBehind(file).record(machine);
            options.services().forEach(machine::thaw);
            System.out.println("Recorded " + Files.size(file) + " bytes");
        }
    }
}
