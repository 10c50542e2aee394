package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.cli.machine.ProcessStatus;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Broker, store and working directories on one disk that fills up while a run is under way. */
@EnabledOnOs(OS.LINUX)
class FullDiskIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int MEGABYTES = 256;
    private static final int SMALL_MEGABYTES = 16;

    @Test
    @Tag("slow")
    void aDiskThatIsFullForAWhileCostsNothingButTime(@TempDir Path directory) throws Exception {
        List<ProcessStatus> statuses = new CopyOnWriteArrayList<>();
        try (SmallDisk disk = SmallDisk.mount(directory, MEGABYTES);
                Machine machine = Machine.start(
                        MachineOptions.everything(
                                Home.directory(), disk.directory().resolve("machine")),
                        statuses::add);
                TinyTask task = new TinyTask("full-disk", machine);
                Watcher watcher = new Watcher("full-disk", machine)) {
            task.begin();
            watcher.await("pretraining", PATIENCE, () -> watcher.isInProgress(Stage.STAGE_PRETRAIN));
            await("no room for an object").atMost(PATIENCE).untilAsserted(() -> {
                disk.fill();
                assertThatExceptionOfType(ArtifactStoreException.class)
                        .isThrownBy(() -> machine.artifactStore().put(new byte[1 << 20], "too large"))
                        .withMessageContaining("not out of space");
            });
            await().atMost(PATIENCE).until(() -> statuses.stream().anyMatch(FullDiskIT::isBrokenBroker));
            disk.free();
            watcher.await("a student", PATIENCE, watcher::hasStudent);
            watcher.catchUp();

            WholeLoopIT.assertEveryRequestEndedOnceAndWell(watcher);
            WholeLoopIT.assertEveryImageHasItsSoftLabelsOnce(watcher, TinyTask.UNLABELED);
            assertThat(watcher.promotions(Role.ROLE_STUDENT)).hasSize(1);
        }
    }

    /** Broker and store have room; the directory in which the worker writes its snapshots has not. */
    @Test
    @Tag("faults")
    void aDiskThatIsFullWhileSnapshotsAreTakenCostsNothingButTime(@TempDir Path directory) throws Exception {
        MachineOptions options = MachineOptions.everything(Home.directory(), directory.resolve("machine"))
                .withServices(List.of("pretrainer"));
        try (FaultBed bed = FaultBed.start(options);
                SmallDisk disk = SmallDisk.mount(bed.machine().state().path().resolve("work"), SMALL_MEGABYTES);
                TinyTask task = new TinyTask("full-work", bed.machine());
                Watcher watcher = new Watcher("full-work", bed.machine())) {
            Stretch.PRETRAINING.begin(task);
            Stretch.PRETRAINING.awaitStart(watcher);
            String run = watcher.runs(RunState.RUN_STATE_STARTED).get(0).getRunId();
            await("a snapshot").atMost(PATIENCE).until(() -> !bed.machine()
                    .artifactStore()
                    .list("runs/" + run + "/snapshots/")
                    .isEmpty());
            disk.fill();
            Path log = bed.machine().state().log("pretrainer");
            await("the worker tells of it").atMost(PATIENCE).until(() -> Files.readString(log)
                    .contains("No space left"));
            disk.free();
            long freed = System.nanoTime();
            Stretch.PRETRAINING.awaitEnd(watcher);
            System.out.printf(
                    "FAULT disk full while snapshotting: work was done after %.1f s%n",
                    (System.nanoTime() - freed) / 1e9);
            bed.assertClean(task);
            assertThat(watcher.runs(RunState.RUN_STATE_FAILED)).isEmpty();
        }
    }

    private static boolean isBrokenBroker(ProcessStatus status) {
        return status.name().equals("kafka") && status.state() == ProcessStatus.State.RESTARTING;
    }
}
