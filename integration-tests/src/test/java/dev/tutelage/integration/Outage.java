package dev.tutelage.integration;

import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.ProcessStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A part of a machine that is gone for a while, and then comes back with all that it had. */
final class Outage {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Outage() {}

    static void ofBroker(Machine machine, Duration absence) throws IOException {
        of("kafka", "kafka.properties", machine, absence);
    }

    static void ofStore(Machine machine, Duration absence) throws IOException {
        of("s3", "s3.properties", machine, absence);
    }

    /** Without its settings it cannot start again. */
    private static void of(String process, String file, Machine machine, Duration absence) throws IOException {
        Path settings = machine.state().path().resolve(file);
        Path hidden = settings.resolveSibling(process + ".hidden");
        Files.move(settings, hidden);
        try {
            machine.kill(process);
            await().during(absence).atMost(absence.plus(PATIENCE)).until(() -> !isReady(process, machine));
        } finally {
            Files.move(hidden, settings);
        }
        await().atMost(PATIENCE).until(() -> isReady(process, machine));
    }

    private static boolean isReady(String process, Machine machine) {
        return machine.statuses().stream()
                .anyMatch(status -> status.name().equals(process) && status.state() == ProcessStatus.State.READY);
    }
}
