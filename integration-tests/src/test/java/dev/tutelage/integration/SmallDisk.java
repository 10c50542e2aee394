package dev.tutelage.integration;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A disk of a few megabytes that can be filled: a tmpfs. */
final class SmallDisk implements AutoCloseable {

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** Mounts it. Where that is not allowed (it takes root) the test is aborted, with the reason. */
    static SmallDisk mount(Path directory, int megabytes) throws IOException, InterruptedException {
        Process mount = start("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", directory.toString());
        String said = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        Assumptions.assumeTrue(mount.waitFor() == 0, () -> "A small disk cannot be mounted here: " + said);
        return new SmallDisk(directory);
    }

    Path directory() {
        return directory;
    }

    /** Takes all the space that is left; once more, what was given back since by those who could not go on writing. */
    void fill() throws IOException {
        byte[] block = new byte[1 << 16];
        try (OutputStream filler = Files.newOutputStream(filler(), CREATE, APPEND)) {
            while (true) {
                filler.write(block);
            }
        } catch (IOException full) {
            if (Files.getFileStore(directory).getUsableSpace() > block.length) {
                throw full;
            }
        }
    }

    /** Gives it back. */
    void free() throws IOException {
        Files.delete(filler());
    }

    private Path filler() {
        return directory.resolve("filler");
    }

    @Override
    public void close() throws IOException {
        try {
            start("umount", "-l", directory.toString()).waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Process start(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
