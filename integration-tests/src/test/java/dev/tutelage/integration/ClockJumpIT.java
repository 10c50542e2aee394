package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.event.Topic;
import dev.tutelage.integration.clock.ShiftedClock;
import dev.tutelage.platform.log.FactReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clock of a worker's host jumps ahead by an hour, and is put right later. An S3 endpoint refuses requests whose time is
 * more than a quarter of an hour off, so nothing can be done meanwhile but wait.
 */
@Tag("faults")
class ClockJumpIT {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int SHARDS = 8;

    @Test
    void aClockThatJumpsByAnHourAndBackCostsNothingButTime(@TempDir Path directory) throws Exception {
        ShiftedClock clock = ShiftedClock.in(directory);
        MachineOptions options = MachineOptions.everything(Home.directory(), directory.resolve("machine"))
                .withServices(List.of("labeler"))
                .withEnvironment("labeler", clock.environment());
        try (FaultBed bed = FaultBed.start(options);
                TinyTask task = new TinyTask("clock", bed.machine());
                Watcher watcher = new Watcher("clock", bed.machine());
                FactReader requests = new FactReader(bed.machine().kafka(), EnumSet.of(Topic.LABEL_REQUESTS))) {
            task.declare();
            task.promoteRandomTeacher(1);
            ShardRiver river = new ShardRiver(task);
            river.add(SHARDS);
            watcher.await(
                    "labels", FaultBed.PATIENCE, () -> !watcher.softLabels().isEmpty());
            clock.shiftBy(HOUR);
            Path log = bed.machine().state().log("labeler");
            await("the store refuses").atMost(FaultBed.PATIENCE).until(() -> {
                river.add(1);
                return Files.readString(log).contains("RequestTimeTooSkewed");
            });
            await("the trigger asks an hour ahead of the time")
                    .atMost(FaultBed.PATIENCE)
                    .until(() -> requests.poll(Duration.ofMillis(100)).stream()
                            .anyMatch(fact -> fact.time().isAfter(Instant.now().plus(HOUR.dividedBy(2)))));
            clock.shiftBy(Duration.ZERO);
            long right = System.nanoTime();
            watcher.await(
                    "all labels", FaultBed.PATIENCE, () -> watcher.softLabels().size() == river.shards());
            System.out.printf(
                    "FAULT the clock jumps by an hour and back: all was done after %.1f s%n",
                    (System.nanoTime() - right) / 1e9);
            assertThat(bed.assertClean(task).softLabels().teachers())
                    .singleElement()
                    .satisfies(teacher -> assertThat(teacher.images()).isEqualTo(river.images()));
        }
    }
}
