package dev.tutelage.integration.failpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The end of a failpoint that is in the process to be killed. A step is armed by a file of its name. Whoever takes the
 * file away dies, so a step kills once, however many processes come by and however often they are started again. Between
 * the places of a step the file has the name of the thread that came by the first.
 */
public final class ArmedSteps {

    private ArmedSteps() {}

    /** Called by the code of a service at each place of each step, armed or not. */
    public static void reached(String directory, String step, int position) {
        Step reached = Step.valueOf(step);
        Path armed = file(Path.of(directory), reached, position);
        try {
            if (position < reached.places().size() - 1) {
                Files.move(armed, file(Path.of(directory), reached, position + 1));
            } else if (Files.deleteIfExists(armed)) {
                die();
            }
        } catch (NoSuchFileException e) {
            // The step is not armed.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(Path directory, Step step, int position) {
        return directory.resolve(
                position == 0
                        ? step.name()
                        : step.name() + "-" + position + "-"
                                + ProcessHandle.current().pid() + "-"
                                + Thread.currentThread().getId());
    }

    /** As the kernel would for want of memory: no hook and no finally block runs. */
    private static void die() throws IOException {
        try {
            new ProcessBuilder(
                            "/bin/sh",
                            "-c",
                            "kill -9 " + ProcessHandle.current().pid())
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }
}
