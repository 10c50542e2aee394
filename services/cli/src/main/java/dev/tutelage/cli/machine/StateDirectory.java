package dev.tutelage.cli.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Where everything that one machine keeps is: the broker's log, the store's objects, logs of the processes. At most one
 * Tutelage uses it at a time; the lock goes with the process that holds it, however it ends.
 */
public final class StateDirectory implements AutoCloseable {
    private static final String VERSION = "1";

    private final Path path;
    private final FileChannel lockFile;

    private StateDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Opens a state directory, creating it where there is none.
     *
     * @throws MachineException if it is in use, is another version's, or cannot be written
     */
    public static StateDirectory open(Path directory) throws MachineException {
        Path path = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            FileChannel lockFile = lock(path);
            try {
                requireVersion(path);
                for (String part : new String[] {"logs", "work", "kafka", "s3"}) {
                    Files.createDirectories(path.resolve(part));
                }
            } catch (IOException | MachineException e) {
                lockFile.close();
                throw e;
            }
            return new StateDirectory(path, lockFile);
        } catch (IOException e) {
            throw new MachineException(
                    "State directory " + path + " cannot be used: " + e.getMessage()
                            + ". Free some disk space, correct its permissions, or choose another with --state",
                    e);
        }
    }

    private static FileChannel lock(Path path) throws IOException, MachineException {
        Path file = path.resolve("lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            Optional<FileLock> lock = Optional.ofNullable(channel.tryLock());
            if (lock.isPresent()) {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(
                        Long.toString(ProcessHandle.current().pid()).getBytes(UTF_8)));
                channel.force(true);
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(path, file);
        }
        channel.close();
        throw inUse(path, file);
    }

    private static MachineException inUse(Path path, Path file) throws IOException {
        return new MachineException("State directory " + path + " is in use by another tutelage (process "
                + Files.readString(file) + "). Stop that one, or choose another directory with --state");
    }

    private static void requireVersion(Path path) throws IOException, MachineException {
        Path file = path.resolve("version");
        if (Files.notExists(file)) {
            Files.writeString(file, VERSION);
        }
        String version = Files.readString(file).strip();
        if (!version.equals(VERSION)) {
            throw new MachineException("State directory " + path
                    + " was written by another version of tutelage (format "
                    + version + ", this one writes " + VERSION + "). Choose another directory with --state, or use that"
                    + " version");
        }
    }

    public Path path() {
        return path;
    }

    /** The log file of a process. */
    public Path log(String process) {
        return path.resolve("logs").resolve(process + ".log");
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
