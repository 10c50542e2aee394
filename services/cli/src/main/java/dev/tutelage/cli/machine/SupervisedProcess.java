package dev.tutelage.cli.machine;

import dev.tutelage.cli.machine.ProcessStatus.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A child process that is started again whenever it dies, until it is stopped.
 *
 * <p>Its standard input is a pipe that this process holds open: the child ends when the pipe does, so no child outlives a
 * supervisor that was killed.
 */
final class SupervisedProcess {
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

    private final ProcessSpec spec;
    private final Consumer<ProcessStatus> listener;
    private final Thread keeper;
    private volatile Process process;
    private volatile boolean stopping;

    private SupervisedProcess(ProcessSpec spec, Consumer<ProcessStatus> listener, Process process) {
        this.spec = spec;
        this.listener = listener;
        this.process = process;
        this.keeper = new Thread(this::keep, "keeper of " + spec.name());
        keeper.setDaemon(true);
    }

    /** Starts the process; {@link #awaitReady} must follow. */
    static SupervisedProcess start(ProcessSpec spec, Consumer<ProcessStatus> listener) throws MachineException {
        try {
            Files.deleteIfExists(spec.log());
            SupervisedProcess started = new SupervisedProcess(spec, listener, launch(spec));
            started.tell(State.STARTING);
            return started;
        } catch (IOException e) {
            throw new MachineException("Cannot start " + spec.name() + ": " + e.getMessage(), e);
        }
    }

    private static Process launch(ProcessSpec spec) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(spec.command())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
        builder.environment().putAll(spec.environment());
        return builder.start();
    }

    /**
     * Returns once the process is ready for the first time; from then on it is kept alive.
     *
     * @throws MachineException if it dies before, or is not ready in time
     */
    void awaitReady() throws MachineException, InterruptedException {
        long deadline = System.nanoTime() + spec.patience().toNanos();
        while (!spec.ready().isReady()) {
            if (!process.isAlive()) {
                throw new MachineException(
                        spec.name() + " ended with status " + process.exitValue() + " while starting" + lastWords());
            }
            if (System.nanoTime() > deadline) {
                throw new MachineException(
                        spec.name() + " was not ready within " + spec.patience().toSeconds() + " s" + lastWords());
            }
            Thread.sleep(SOON.toMillis());
        }
        tell(State.READY);
        keeper.start();
    }

    private void keep() {
        Duration pause = Duration.ofMillis(250);
        try {
            while (!stopping) {
                long born = System.nanoTime();
                process.waitFor();
                if (stopping) {
                    return;
                }
                tell(State.RESTARTING);
                boolean lived = Duration.ofNanos(System.nanoTime() - born).compareTo(LONGEST_PAUSE) > 0;
                pause = lived ? Duration.ofMillis(250) : min(pause.multipliedBy(2), LONGEST_PAUSE);
                Thread.sleep(pause.toMillis());
                relaunch();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            tell(State.STOPPED);
        }
    }

    private synchronized void relaunch() throws IOException, InterruptedException {
        if (!stopping) {
            process = launch(spec);
            tell(State.STARTING);
            while (!stopping && process.isAlive() && !spec.ready().isReady()) {
                Thread.sleep(SOON.toMillis());
            }
            if (process.isAlive()) {
                tell(State.READY);
            }
        }
    }

    /** Ends the process as if it had crashed; it is started again. */
    void kill() {
        process.destroyForcibly();
    }

    /** Asks the process to end, and does not wait for it. */
    void beginStop() {
        stopping = true;
        process.destroy();
    }

    /** Waits for the end that {@link #beginStop} asked for, and enforces it after the grace time. */
    void awaitStop() throws InterruptedException {
        if (!process.waitFor(spec.grace().toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
        tell(State.STOPPED);
    }

    ProcessStatus status(State state) {
        return new ProcessStatus(spec.name(), state, process.pid(), spec.port(), spec.log());
    }

    String name() {
        return spec.name();
    }

    long pid() {
        return process.pid();
    }

    private void tell(State state) {
        listener.accept(status(state));
    }

    /** What its log says last, for a message. */
    private String lastWords() {
        return ".\n  Its last words: " + lastLine() + "\n  The whole log: " + spec.log();
    }

    private String lastLine() {
        try (Stream<String> lines = Files.lines(spec.log(), StandardCharsets.ISO_8859_1)) {
            List<String> said = lines.filter(line -> !line.isBlank() && !line.startsWith("\tat "))
                    .toList();
            List<String> errors = said.stream()
                    .filter(line -> line.contains("ERROR") || line.contains("Exception") || line.contains("FATAL"))
                    .toList();
            List<String> telling = errors.isEmpty() ? said : errors;
            return telling.isEmpty() ? "none" : telling.get(telling.size() - 1);
        } catch (IOException e) {
            return "unreadable: " + e.getMessage();
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
