package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.chaos.FaultKind;
import dev.tutelage.cli.chaos.Injection;
import dev.tutelage.cli.chaos.Progress;
import dev.tutelage.cli.chaos.Recovery;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.cli.verify.SystemVerification;
import dev.tutelage.cli.verify.SystemVerifier;
import dev.tutelage.platform.log.FactLog;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A machine to which faults are done, and which is verified afterwards. */
final class FaultBed implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Machine machine;
    private final FactLog log;
    private final Injection injection;
    private final Progress progress;

    private FaultBed(Machine machine) {
        this.machine = machine;
        this.log = new FactLog(machine.kafka(), "/tutelage/test", "faults-" + UUID.randomUUID(), Clock.systemUTC());
        this.injection = new Injection(machine, log);
        this.progress = new Progress(machine.kafka());
    }

    /** Starts a machine whose network can be disturbed, and whose workers take a snapshot every second. */
    static FaultBed start(MachineOptions options) throws MachineException, InterruptedException {
        MachineOptions all = options.withDisturbableNetwork();
        for (String service : options.services()) {
            for (String process : List.of(service, service + "-2")) {
                all = all.withEnvironment(process, Map.of("TUTELAGE_WORKER_SNAPSHOT_EVERY", "1s"));
            }
        }
        return new FaultBed(Machine.start(all, status -> System.out.println(status.line())));
    }

    Machine machine() {
        return machine;
    }

    /** Does a fault of no length, and waits until work goes on. */
    void suffer(FaultKind kind, String... targets) {
        suffer(kind, Duration.ZERO, targets);
    }

    /** Does a fault for a while to some processes at once, waits until work goes on, and says how long that took. */
    void suffer(FaultKind kind, Duration length, String... targets) {
        List<Recovery> recoveries = Arrays.stream(targets)
                .map(target -> new Recovery(machine, progress, kind, target))
                .toList();
        for (String target : targets) {
            injection.begin(kind, target);
        }
        await().pollDelay(length).atMost(length.plus(PATIENCE)).until(() -> true);
        for (String target : targets) {
            injection.end(kind, target);
        }
        recoveries.forEach(Recovery::faultEnded);
        await("work goes on after " + kind + " of " + List.of(targets))
                .atMost(PATIENCE)
                .until(() -> recoveries.stream().filter(Recovery::isOver).count() == targets.length);
        double seconds = recoveries.stream()
                .mapToDouble(recovery -> recovery.seconds().orElseThrow())
                .max()
                .orElseThrow();
        System.out.printf(Locale.ROOT, "FAULT %s of %s: work went on after %.1f s%n", kind, List.of(targets), seconds);
    }

    /** Verifies everything about a task. */
    SystemVerification assertClean(TinyTask task) throws IOException, InterruptedException {
        SystemVerification found =
                new SystemVerifier(machine.kafka(), machine.artifactStore()).verify(Optional.of(task.name()), PATIENCE);
        assertThat(found.findings()).isEmpty();
        assertThat(found.pending()).isZero();
        assertThat(found.softLabels().pending()).isZero();
        System.out.println(found.lines().get(0));
        return found;
    }

    @Override
    public void close() {
        progress.close();
        log.close();
        machine.close();
    }
}
