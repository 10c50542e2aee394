package dev.tutelage.cli.machine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where everything that one machine keeps is: the broker's log, the store's objects, logs of the processes. At most one
 * Tutelage uses it at a time; the lock goes with the process that holds it, however it ends.
 */
public final class StateDirectory implements AutoCloseable {
    /** The file of the gateway's keys, which may be made before a machine is started. */
    static final String KEYS = "keys";

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
     * @throws MachineException if it is in use, is another version's or no state directory, or cannot be written
     */
    public static StateDirectory open(Path directory) throws MachineException {
        Path path = directory.toAbsolutePath().normalize();
        try {
            requireOurs(path);
            Files.createDirectories(path);
            // Asked before the lock is touched: to close a second channel on the locked file would free the lock that
            // this very process holds.
            Optional<Holder> holder = Holder.read(path);
            if (holder.isPresent() && holder.get().isThisProcess()) {
                throw inUse(path, holder);
            }
            StateDirectory state = new StateDirectory(path, lock(path));
            state.prepare();
            return state;
        } catch (IOException e) {
            throw new MachineException(
                    "State directory " + path + " cannot be used: " + e
                            + ". Free some disk space, correct its permissions, or choose another with --state",
                    e);
        }
    }

    private static void requireOurs(Path path) throws IOException, MachineException {
        Path file = path.resolve("version");
        if (Files.exists(file)) {
            String version = Files.readString(file).strip();
            if (!version.equals(VERSION)) {
                throw new MachineException("State directory " + path
                        + " was written by another version of tutelage (format " + version + ", this one writes "
                        + VERSION + "). Choose another directory with --state, or use that version");
            }
        } else if (Files.isDirectory(path) && !isFresh(path)) {
            throw new MachineException("Directory " + path + " holds other files and is no state directory of tutelage."
                    + " Choose a new or an empty one with --state");
        }
    }

    /**
     * Nothing is in it but what a start leaves that was cut off at once, keys, or the state directories of demos, which lie
     * below the usual one.
     */
    private static boolean isFresh(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(Path::getFileName)
                    .map(Path::toString)
                    .allMatch(name ->
                            name.equals("lock") || name.equals("pid") || name.equals(KEYS) || name.startsWith("demo-"));
        }
    }

    private static FileChannel lock(Path path) throws IOException, MachineException {
        FileChannel channel =
                FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            throw inUse(path, Holder.read(path));
        }
        return channel;
    }

    private static MachineException inUse(Path path, Optional<Holder> holder) {
        String who = holder.map(known -> " (pid " + known.pid() + ")").orElse("");
        return new MachineException("State directory " + path + " is in use by another tutelage" + who
                + ". Stop that one, or choose another directory with --state");
    }

    private void prepare() throws IOException {
        Holder.self().write(path);
        Files.writeString(path.resolve("version"), VERSION + System.lineSeparator());
        for (String part : new String[] {"logs", "work", "kafka", "s3"}) {
            Files.createDirectories(path.resolve(part));
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
        if (lockFile.isOpen()) {
            Holder.erase(path);
            lockFile.close();
        }
    }
}
