package dev.tutelage.cli.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The process that uses a state directory. The lock decides who may; this only tells people who does, and tells a
 * process that it does itself.
 *
 * @param started tells processes apart that had the same pid, as the first process of every container has
 */
record Holder(long pid, Instant started) {

    static Holder self() {
        ProcessHandle self = ProcessHandle.current();
        return new Holder(self.pid(), self.info().startInstant().orElse(Instant.EPOCH));
    }

    static Optional<Holder> read(Path root) throws IOException {
        Path file = file(root);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        // Whoever was killed while writing it has left less, and holds nothing any more.
        return lines.size() == 2
                ? Optional.of(new Holder(Long.parseLong(lines.get(0)), Instant.parse(lines.get(1))))
                : Optional.empty();
    }

    boolean isThisProcess() {
        return equals(self());
    }

    /** Whether the process still runs: one that was killed leaves its name behind. */
    boolean isAlive() {
        return ProcessHandle.of(pid)
                .filter(process ->
                        process.info().startInstant().orElse(Instant.EPOCH).equals(started))
                .isPresent();
    }

    void write(Path root) throws IOException {
        Files.writeString(file(root), pid + "\n" + started + "\n");
    }

    static void erase(Path root) throws IOException {
        Files.deleteIfExists(file(root));
    }

    private static Path file(Path root) {
        return root.resolve("pid");
    }
}
