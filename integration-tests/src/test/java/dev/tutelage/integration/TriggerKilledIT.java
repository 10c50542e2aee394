package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.chaos.FaultKind;
import dev.tutelage.cli.machine.MachineOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is only a trigger is killed, and the worker is another one. */
@Tag("faults")
class TriggerKilledIT {
    private static final int KILLS = 3;

    @Test
    void aKilledTriggerAsksForNothingTwiceAndForgetsNothing(@TempDir Path directory) throws Exception {
        MachineOptions options = MachineOptions.everything(Home.directory(), directory.resolve("machine"))
                .withServices(List.of("labeler"))
                .withCopies(2)
                .withEnvironment("labeler", Map.of("TUTELAGE_ROLES", "worker"))
                .withEnvironment("labeler-2", Map.of("TUTELAGE_ROLES", "trigger"));
        try (FaultBed bed = FaultBed.start(options);
                TinyTask task = new TinyTask("trigger-killed", bed.machine());
                Watcher watcher = new Watcher("trigger-killed", bed.machine())) {
            task.declare();
            task.promoteRandomTeacher(1);
            ShardRiver river = new ShardRiver(task);
            river.flowDuring(() -> {
                for (int i = 0; i < KILLS; i++) {
                    watcher.catchUp();
                    int before = watcher.softLabels().size();
                    watcher.await(
                            "more labels",
                            FaultBed.PATIENCE,
                            () -> watcher.softLabels().size() > before);
                    bed.suffer(FaultKind.KILL, "labeler-2");
                }
            });
            watcher.await(
                    "all labels", FaultBed.PATIENCE, () -> watcher.softLabels().size() == river.shards());
            assertThat(bed.assertClean(task).tasks()).singleElement().satisfies(report -> assertThat(report.requests())
                    .isEqualTo(river.shards()));
        }
    }
}
