package dev.tutelage.cli.machine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which memory allocator the processes that train use. A training step allocates and frees large buffers; with its defaults
 * glibc hands each back to the kernel and faults it in again.
 */
public enum Allocator {
    /** jemalloc where it is installed, otherwise {@link #TUNED}. */
    AUTO,
    /** glibc, told to keep what it has. */
    TUNED,
    /** Whatever the system does. */
    SYSTEM;

    private static final List<Path> JEMALLOC = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/libjemalloc.so.2"),
            Path.of("/usr/lib/aarch64-linux-gnu/libjemalloc.so.2"),
            Path.of("/usr/lib64/libjemalloc.so.2"),
            Path.of("/usr/lib/libjemalloc.so.2"));

    /** Environment variables for a process that trains. */
    public Map<String, String> environment() {
        return switch (this) {
            case SYSTEM -> Map.of();
            case TUNED -> tuned();
            case AUTO -> jemalloc().map(Allocator::preloaded).orElseGet(Allocator::tuned);
        };
    }

    /** Whether jemalloc is installed. */
    public static boolean hasJemalloc() {
        return jemalloc().isPresent();
    }

    private static Optional<Path> jemalloc() {
        return JEMALLOC.stream().filter(Files::isReadable).findFirst();
    }

    private static Map<String, String> preloaded(Path library) {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "MALLOC_CONF",
                "oversize_threshold:0,background_thread:true,dirty_decay_ms:-1,muzzy_decay_ms:-1");
    }

    private static Map<String, String> tuned() {
        return Map.of(
                "MALLOC_MMAP_MAX_", "0",
                "MALLOC_TRIM_THRESHOLD_", "4000000000",
                "MALLOC_TOP_PAD_", "67108864");
    }
}
