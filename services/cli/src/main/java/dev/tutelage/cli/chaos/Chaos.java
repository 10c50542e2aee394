package dev.tutelage.cli.chaos;

import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.ProcessStatus;
import dev.tutelage.cli.verify.SystemVerification;
import dev.tutelage.cli.verify.SystemVerifier;
import dev.tutelage.control.task.TaskRegistry.TaskExistsException;
import dev.tutelage.platform.log.FactLog;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Faults over a living system while data streams in, then calm, then verification. */
final class Chaos {
    /** After the last fault everything must be done within this. */
    private static final Duration CALM = Duration.ofMinutes(10);
    /** So long nothing may be said before everything counts as done. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final long LOOK_MILLIS = 200;

    private final Machine machine;
    private final River river;
    private final Consumer<String> listener;
    private final List<Recovery> recoveries = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService hands = Executors.newScheduledThreadPool(4);

    /** @param listener is told what is done */
    Chaos(Machine machine, River river, Consumer<String> listener) {
        this.machine = machine;
        this.river = river;
        this.listener = listener;
    }

    /**
     * What came of it.
     *
     * @param recoveries of the faults that were done
     * @param calmSeconds from the end of the schedule until nothing was left to do; empty if that was not in time
     */
    record Aftermath(
            List<Recovery> recoveries, Optional<Double> calmSeconds, int runsEnded, SystemVerification found) {}

    /** Does the faults of a schedule of a length, and looks at what came of it. */
    Aftermath run(Schedule schedule, Duration length) throws IOException, InterruptedException {
        try (Progress progress = new Progress(machine.kafka());
                FactLog log = new FactLog(
                        machine.kafka(), "/tutelage/chaos", "chaos-" + UUID.randomUUID(), Clock.systemUTC())) {
            Callable<Void> flowing = () -> {
                river.flow();
                return null;
            };
            Future<Void> flow = hands.submit(flowing);
            Injection injection = new Injection(machine, log);
            schedule.faults().forEach(fault -> plan(fault, injection, progress));
            long end = System.nanoTime() + length.toNanos();
            while (System.nanoTime() - end < 0 && !flow.isDone()) {
                Thread.sleep(LOOK_MILLIS);
                recoveries.forEach(Recovery::isOver);
            }
            river.stop();
            join(flow);
            Optional<Double> calm = awaitCalm(progress);
            listener.accept("verifying");
            SystemVerification found = new SystemVerifier(machine.kafka(), machine.artifactStore())
                    .verify(Optional.empty(), Duration.ZERO);
            return new Aftermath(List.copyOf(recoveries), calm, progress.ended(), found);
        } finally {
            hands.shutdownNow();
        }
    }

    private void plan(Fault fault, Injection injection, Progress progress) {
        ScheduledFuture<?> unused = hands.schedule(
                () -> begin(fault, injection, progress), fault.at().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void begin(Fault fault, Injection injection, Progress progress) {
        listener.accept(fault.kind().word() + " " + fault.target());
        Recovery recovery = new Recovery(machine, progress, fault.kind(), fault.target());
        try {
            injection.begin(fault.kind(), fault.target());
        } catch (IllegalStateException goneAlready) {
            listener.accept("not done: " + goneAlready.getMessage());
            return;
        }
        ScheduledFuture<?> unused = hands.schedule(
                () -> end(fault, injection, recovery), fault.length().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void end(Fault fault, Injection injection, Recovery recovery) {
        try {
            injection.end(fault.kind(), fault.target());
        } catch (IllegalStateException killedMeanwhile) {
            listener.accept(killedMeanwhile.getMessage());
        }
        recovery.faultEnded();
        recoveries.add(recovery);
    }

    private static void join(Future<Void> flow) throws IOException, InterruptedException {
        try {
            flow.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (e.getCause() instanceof TaskExistsException cause) {
                throw new IOException(cause.getMessage(), cause);
            }
            throw new IllegalStateException("Data could not be streamed in", e.getCause());
        }
    }

    private Optional<Double> awaitCalm(Progress progress) throws InterruptedException {
        long start = System.nanoTime();
        long told = start;
        while (System.nanoTime() - start < CALM.toNanos()) {
            Thread.sleep(LOOK_MILLIS);
            recoveries.forEach(Recovery::isOver);
            boolean allReady =
                    machine.statuses().stream().allMatch(status -> status.state() == ProcessStatus.State.READY);
            if (allReady && progress.isQuiet(SILENCE)) {
                return Optional.of((System.nanoTime() - start) / 1e9 - SILENCE.toSeconds());
            }
            if (System.nanoTime() - told > SILENCE.toNanos()) {
                told = System.nanoTime();
                listener.accept("calm: " + progress.open() + " runs are still to be done");
            }
        }
        return Optional.empty();
    }
}
