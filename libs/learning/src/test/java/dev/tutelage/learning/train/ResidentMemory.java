package dev.tutelage.learning.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How much memory of its own this process has, as Linux counts it, wherever that is kept. Pages of files do not count: they
 * come and go as the system likes.
 */
final class ResidentMemory {
    private static final List<String> OWN = List.of("RssAnon:", "VmSwap:");

    private ResidentMemory() {}

    static long kilobytes() {
        try {
            long kilobytes = Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> OWN.stream().anyMatch(line::startsWith))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
            if (kilobytes == 0) {
                throw new IllegalStateException("/proc/self/status does not tell " + OWN);
            }
            return kilobytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
