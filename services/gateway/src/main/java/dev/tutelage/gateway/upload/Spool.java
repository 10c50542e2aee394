package dev.tutelage.gateway.upload;

import dev.tutelage.platform.service.ServiceSettings;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where images are between their request and their shard. Each process has a directory of its own there, locked for as long as it
 * lives; who starts removes those that killed processes have left.
 */
@ApplicationScoped
class Spool {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final String LOCK = "lock";

    private final long limit;
    private final AtomicLong taken = new AtomicLong();
    private final Path directory;
    private final FileChannel lock;

    @Inject
    Spool(ServiceSettings service, UploadSettings settings) throws IOException {
        this(service.workDir().resolve("uploads"), settings.spoolBytes().asLongValue());
    }

    /** @param limit of bytes that wait for a shard */
    Spool(Path root, long limit) throws IOException {
        this.limit = limit;
        Files.createDirectories(root);
        removeLeftovers(root);
        // Not seen by others before it is locked.
        Path hidden = Files.createDirectory(root.resolve("." + UUID.randomUUID()));
        this.lock = FileChannel.open(hidden.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        this.directory =
                Files.move(hidden, root.resolve(hidden.getFileName().toString().substring(1)));
    }

    /** A new file for the images of an upload. */
    SpoolFile file() throws IOException {
        return new SpoolFile(this, path(".images"));
    }

    /** A path in the directory that nobody else has. */
    Path path(String suffix) {
        return directory.resolve(UUID.randomUUID() + suffix);
    }

    void take(long bytes) throws SpoolFullException {
        if (taken.addAndGet(bytes) > limit) {
            taken.addAndGet(-bytes);
            throw new SpoolFullException(limit);
        }
    }

    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    private static void removeLeftovers(Path root) throws IOException {
        try (Stream<Path> found = Files.list(root)) {
            for (Path left : found.filter(each -> !each.getFileName().toString().startsWith("."))
                    .toList()) {
                removeIfLeft(left);
            }
        }
    }

    private static void removeIfLeft(Path left) {
        try (FileChannel channel = FileChannel.open(left.resolve(LOCK), StandardOpenOption.WRITE);
                FileLock mine = channel.tryLock()) {
            if (mine != null) {
                remove(left);
            }
        } catch (IOException | OverlappingFileLockException e) {
            LOG.info("{} is left where it is: {}", left, e.toString());
        }
    }

    private static void remove(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(directory)) {
            files = found.toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(directory);
    }

    @PreDestroy
    void close() throws IOException {
        remove(directory);
        lock.close();
    }
}
