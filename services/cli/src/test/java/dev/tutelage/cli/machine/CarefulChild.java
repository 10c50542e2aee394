package dev.tutelage.cli.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Stands for a service: leaves with its parent, and takes its time to save its work when it is asked to stop. */
final class CarefulChild {
    static final Duration SAVING = Duration.ofMillis(300);

    private CarefulChild() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        ParentPipe.watch();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> save(directory)));
        Files.writeString(directory.resolve("ready"), "");
        new CountDownLatch(1).await();
    }

    private static void save(Path directory) {
        try {
            // Nothing counts it down: this is only the time that saving takes.
            boolean interrupted = new CountDownLatch(1).await(SAVING.toMillis(), TimeUnit.MILLISECONDS);
            Files.writeString(directory.resolve("saved"), Boolean.toString(!interrupted));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
