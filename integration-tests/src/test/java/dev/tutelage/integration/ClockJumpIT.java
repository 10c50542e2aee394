package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.event.Topic;
import dev.tutelage.integration.clock.ShiftedClock;
import dev.tutelage.platform.log.FactReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock of the host that everything runs on jumps by an hour. */
@Tag("faults")
class ClockJumpIT {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int SHARDS = 8;

    @Test
    void aClockThatJumpsByAnHourCostsNothing(@TempDir Path directory) throws Exception {
        ShiftedClock clock = ShiftedClock.in(directory);
        MachineOptions options = MachineOptions.everything(Home.directory(), directory.resolve("machine"))
                .withServices(List.of("labeler"));
        for (String process : List.of("kafka", "s3", "labeler")) {
            options = options.withEnvironment(process, clock.environment());
        }
        try (FaultBed bed = FaultBed.start(options);
                TinyTask task = new TinyTask("clock", bed.machine());
                Watcher watcher = new Watcher("clock", bed.machine());
                FactReader times = new FactReader(bed.machine().kafka(), EnumSet.of(Topic.SOFT_LABELS))) {
            task.declare();
            task.promoteRandomTeacher(1);
            ShardRiver river = new ShardRiver(task);
            river.add(SHARDS);
            watcher.await(
                    "labels", FaultBed.PATIENCE, () -> !watcher.softLabels().isEmpty());
            clock.shiftBy(HOUR);
            river.add(SHARDS);
            long jumped = System.nanoTime();
            await("a fact of an hour later")
                    .atMost(FaultBed.PATIENCE)
                    .until(() -> times.poll(Duration.ofMillis(100)).stream()
                            .anyMatch(fact -> fact.time().isAfter(Instant.now().plus(HOUR.dividedBy(2)))));
            System.out.printf(
                    "FAULT clock jumps by an hour: work went on after %.1f s%n", (System.nanoTime() - jumped) / 1e9);
            river.add(SHARDS);
            watcher.await(
                    "all labels", FaultBed.PATIENCE, () -> watcher.softLabels().size() == 3 * SHARDS);
            assertThat(bed.assertClean(task).softLabels().teachers())
                    .singleElement()
                    .satisfies(teacher -> assertThat(teacher.images()).isEqualTo(river.images()));
        }
    }
}
