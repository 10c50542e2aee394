package dev.tutelage.cli.machine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A process to be supervised.
 *
 * @param name for people, and of its log file
 * @param port that it serves
 * @param command to run; it ends by itself when its standard input does
 * @param environment added to the supervisor's own
 * @param log where its output goes
 * @param ready tells whether it is ready to work
 * @param patience until it must be ready
 * @param grace between the polite and the impolite end
 */
record ProcessSpec(
        String name,
        int port,
        List<String> command,
        Map<String, String> environment,
        Path log,
        Readiness ready,
        Duration patience,
        Duration grace) {

    /** Tells whether a process is ready to work. */
    @FunctionalInterface
    interface Readiness {
        boolean isReady() throws InterruptedException;
    }
}
