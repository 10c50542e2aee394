package dev.tutelage.cli.machine;

import dev.tutelage.cli.machine.ProcessStatus.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A child process that is started again whenever it dies, until it is stopped.
 *
 * <p>Its standard input is a pipe that this process holds open: the child ends when the pipe does, so no child outlives a
 * supervisor that was killed.
 */
final class SupervisedProcess {
    private static final Duration PROBE = Duration.ofMillis(50);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

    private final ProcessSpec spec;
    private final Consumer<ProcessStatus> listener;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private Process process;
    private long logStart;
    /** Otherwise its end has been told of already. */
    private boolean wasReady;
    /** When it was asked to stop. */
    private volatile long askedToStop;

    private SupervisedProcess(ProcessSpec spec, Consumer<ProcessStatus> listener) throws IOException {
        this.spec = spec;
        this.listener = listener;
        this.process = launch();
    }

    /** Starts the process; {@link #awaitReady} must follow. */
    static SupervisedProcess start(ProcessSpec spec, Consumer<ProcessStatus> listener) throws MachineException {
        try {
            Files.deleteIfExists(spec.log());
            SupervisedProcess started = new SupervisedProcess(spec, listener);
            started.tell(State.STARTING, "");
            return started;
        } catch (IOException e) {
            throw new MachineException("Cannot start " + spec.name() + ": " + e.getMessage(), e);
        }
    }

    private Process launch() throws IOException {
        logStart = Files.exists(spec.log()) ? Files.size(spec.log()) : 0;
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
     * @throws InterruptedException if it is stopped meanwhile
     */
    void awaitReady() throws MachineException, InterruptedException {
        Process first = current();
        awaitReady(first);
        Thread keeper = new Thread(() -> keep(first), "keeper of " + spec.name());
        keeper.setDaemon(true);
        keeper.start();
    }

    private void awaitReady(Process starting) throws MachineException, InterruptedException {
        long deadline = System.nanoTime() + spec.patience().toNanos();
        while (!spec.ready().isReady()) {
            boolean ended = starting.waitFor(PROBE.toMillis(), TimeUnit.MILLISECONDS);
            if (isStopping()) {
                throw new InterruptedException(spec.name() + " was stopped while starting");
            }
            if (ended) {
                throw new MachineException(
                        spec.name() + " ended with status " + starting.exitValue() + " while starting" + lastWords());
            }
            if (System.nanoTime() > deadline) {
                starting.destroyForcibly();
                throw new MachineException(
                        spec.name() + " was not ready within " + spec.patience().toSeconds() + " s" + lastWords());
            }
        }
        wasReady = true;
        tell(State.READY, "");
    }

    private void keep(Process first) {
        Process living = first;
        Duration pause = FIRST_PAUSE;
        try {
            while (true) {
                long born = System.nanoTime();
                int status = living.waitFor();
                if (isStopping()) {
                    return;
                }
                if (wasReady) {
                    tell(State.RESTARTING, "It ended with status " + status + lastWords());
                    wasReady = false;
                }
                boolean lived = System.nanoTime() - born > LONGEST_PAUSE.toNanos();
                pause = lived ? FIRST_PAUSE : pause;
                if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
                living = relaunch(living);
            }
        } catch (InterruptedException e) {
            // It was stopped while it started again.
            Thread.currentThread().interrupt();
        }
    }

    /** Its next incarnation; the last one again if that could not be started. */
    private Process relaunch(Process ended) throws InterruptedException {
        try {
            synchronized (this) {
                if (isStopping()) {
                    throw new InterruptedException(spec.name() + " was stopped before it started again");
                }
                process = launch();
            }
            tell(State.STARTING, "");
            awaitReady(current());
            return current();
        } catch (IOException | MachineException e) {
            tell(State.RESTARTING, e.getMessage());
            return e instanceof IOException ? ended : current();
        }
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    /** Ends the process as if it had crashed; it is started again. */
    void kill() {
        current().destroyForcibly();
    }

    /** Asks the process to end in good order; it is started again. */
    void terminate() {
        // As in beginStop().
        current().toHandle().destroy();
    }

    /** Stops the process where it is; it does not know. */
    void freeze() {
        signal("STOP");
    }

    /** Lets a frozen process go on. */
    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException(
                        spec.name() + " (pid " + pid() + ") could not be sent SIG" + name + ": it may have ended");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("No signal can be sent", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks the process to end, and does not wait for it. */
    synchronized void beginStop() {
        askedToStop = System.nanoTime();
        stopping.countDown();
        // Not Process.destroy(): that also closes the process's standard input, at whose end it would halt at once
        // instead of writing its snapshot.
        process.toHandle().destroy();
    }

    /** Waits for the end that {@link #beginStop} asked for, and enforces it when the grace time from then is over. */
    void awaitStop() throws InterruptedException {
        Process last = current();
        long left = spec.grace().toNanos() - (System.nanoTime() - askedToStop);
        boolean ended = last.waitFor(left, TimeUnit.NANOSECONDS);
        if (!ended) {
            last.destroyForcibly().waitFor();
        }
        tell(
                State.STOPPED,
                ended
                        ? ""
                        : "It had to be killed, as it did not end within "
                                + spec.grace().toSeconds() + " s");
    }

    String name() {
        return spec.name();
    }

    long pid() {
        return current().pid();
    }

    private synchronized Process current() {
        return process;
    }

    private void tell(State state, String detail) {
        listener.accept(new ProcessStatus(spec.name(), state, pid(), spec.port(), spec.log(), detail));
    }

    /** What its log says last, for a message. */
    private synchronized String lastWords() {
        return ".\n  Its last words: "
                + LogTail.firstCause(spec.log(), logStart).orElse("none") + "\n  The whole log: " + spec.log();
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
