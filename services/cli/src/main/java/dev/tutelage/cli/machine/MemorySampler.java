package dev.tutelage.cli.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Watches how much memory all processes together have resident. Knows it on Linux only; elsewhere it says 0. */
public final class MemorySampler implements AutoCloseable {
    private static final long EVERY_MILLIS = 1_000;
    private static final long KILO = 1024;

    private final Machine machine;
    private final AtomicLong peak = new AtomicLong();
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "memory");
        thread.setDaemon(true);
        return thread;
    });

    public MemorySampler(Machine machine) {
        this.machine = machine;
        // Never completes, and sample() throws nothing.
        ScheduledFuture<?> unused =
                sampler.scheduleWithFixedDelay(this::sample, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void sample() {
        List<Long> pids = Stream.concat(
                        machine.pids().stream(),
                        Stream.of(ProcessHandle.current().pid()))
                .toList();
        long sum = pids.stream().mapToLong(MemorySampler::residentBytes).sum();
        peak.accumulateAndGet(sum, Math::max);
    }

    private static long residentBytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KILO)
                    .sum();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }

    /** The largest sum that was seen, in bytes. */
    public long peakBytes() {
        return peak.get();
    }

    @Override
    public void close() {
        sampler.shutdownNow();
    }
}
