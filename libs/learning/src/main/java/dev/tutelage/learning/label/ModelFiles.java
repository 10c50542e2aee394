package dev.tutelage.learning.label;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Models on the local disk, each in a directory that has its checkpoint's digest as its name and the time of its last use
 * as its time. They outlive the process. Those that were not used for longest make room.
 */
public final class ModelFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ModelFiles.class);

    private final Path directory;
    private final long limit;

    /** Where models come from. */
    @FunctionalInterface
    public interface Source {
        /**
         * Fetches a checkpoint's manifest and model, verified.
         *
         * @return the directory that holds them, which is the caller's
         */
        Path fetch(String digest) throws IOException;
    }

    private record Model(Path directory, long size, FileTime lastUsed) {}

    /**
     * Those in a directory, which need not exist.
     *
     * @param limit bytes that models may take together
     */
    public ModelFiles(Path directory, long limit) {
        this.directory = directory;
        this.limit = limit;
    }

    /** The directory of a checkpoint's manifest and model, which are fetched if they are not there. */
    public Path of(String digest, Source source) throws IOException {
        Path model = directory.resolve(digest);
        if (Files.notExists(model)) {
            Files.createDirectories(directory);
            moveInto(model, source.fetch(digest));
        }
        Files.setLastModifiedTime(model, FileTime.from(Instant.now()));
        makeRoom(model);
        return model;
    }

    /** Lets go of files that have turned out to be damaged. */
    public void forget(String digest) throws IOException {
        delete(directory.resolve(digest));
    }

    private static void moveInto(Path model, Path fetched) throws IOException {
        try {
            Files.move(fetched, model, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            LOG.debug("Another worker on this machine was faster", e);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(
                    "Models and the place that they are fetched to must lie on one file system, under tutelage.work-dir",
                    e);
        }
    }

    private synchronized void makeRoom(Path inUse) throws IOException {
        List<Model> models = models();
        long size = models.stream().mapToLong(Model::size).sum();
        for (Model model : models) {
            if (size > limit && !model.directory().equals(inUse)) {
                LOG.info("Removing the model {}: it was last used at {}", model.directory(), model.lastUsed());
                delete(model.directory());
                size -= model.size();
            }
        }
    }

    /** The longest unused first. */
    private List<Model> models() throws IOException {
        List<Model> models = new ArrayList<>();
        try (Stream<Path> directories = Files.list(directory)) {
            for (Path each : directories.toList()) {
                models.add(new Model(each, size(each), Files.getLastModifiedTime(each)));
            }
        }
        models.sort(Comparator.comparing(Model::lastUsed));
        return models;
    }

    static long size(Path model) throws IOException {
        long size = 0;
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.toList()) {
                size += Files.size(file);
            }
        }
        return size;
    }

    private static void delete(Path model) throws IOException {
        if (Files.notExists(model)) {
            return;
        }
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(model);
    }
}
