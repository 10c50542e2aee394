package dev.tutelage.cli.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A directory with backups: {@code objects/}, which all share, and for each backup a folder {@code backup-<time>} that
 * appears when all that belongs to it is there. Usually there is one: a new one takes the place of the one before.
 */
final class BackupDirectory implements AutoCloseable {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern WHOLE = Pattern.compile("backup-\\d{8}T\\d{6}\\.\\d{3}Z");
    private static final Pattern OURS =
            Pattern.compile("objects|lock|incoming|backup-\\d{8}T\\d{6}\\.\\d{3}Z(\\.partial)?");

    private final Path path;
    private final FileChannel lock;

    private BackupDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Opens a directory to write a backup to, creating it where there is none.
     *
     * @throws BackupException if another process writes there, or there is something else
     */
    static BackupDirectory open(Path path) throws IOException, BackupException {
        Files.createDirectories(path);
        try (Stream<Path> files = Files.list(path)) {
            if (!files.allMatch(
                    file -> OURS.matcher(file.getFileName().toString()).matches())) {
                throw new BackupException(path + " holds other files. Choose a new or an empty directory for backups");
            }
        }
        FileChannel lock = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            lock.close();
            throw new BackupException("Another backup is being written to " + path + ". Wait for its end");
        }
        BackupDirectory directory = new BackupDirectory(path, lock);
        directory.removeAllBut(file -> WHOLE.matcher(file).matches());
        Files.createDirectories(directory.incoming());
        Files.createDirectories(directory.objects().directory());
        return directory;
    }

    /** The newest whole backup. */
    static Optional<Path> newest(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(
                            file -> WHOLE.matcher(file.getFileName().toString()).matches())
                    .max(Comparator.naturalOrder());
        }
    }

    static ObjectFolder objects(Path path) {
        return new ObjectFolder(path.resolve("objects"));
    }

    ObjectFolder objects() {
        return objects(path);
    }

    /** Where something is put until it is known what it is. */
    Path incoming() {
        return path.resolve("incoming");
    }

    /** A folder for a backup that is not whole yet. */
    Path begin(Instant now) throws IOException {
        return Files.createDirectory(path.resolve("backup-" + TIME.format(now) + ".partial"));
    }

    /** Lets a backup appear, in place of those before. */
    Path complete(Path partial) throws IOException {
        String name = partial.getFileName().toString().replace(".partial", "");
        Path whole = Files.move(partial, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        removeAllBut(name::equals);
        return whole;
    }

    private void removeAllBut(Predicate<String> kept) throws IOException {
        List<Path> old;
        try (Stream<Path> files = Files.list(path)) {
            old = files.filter(file -> {
                        String name = file.getFileName().toString();
                        return (name.startsWith("backup-") && !kept.test(name)) || name.equals("incoming");
                    })
                    .toList();
        }
        for (Path each : old) {
            try (Stream<Path> files = Files.walk(each)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
