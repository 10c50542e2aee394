package dev.tutelage.cli.machine;

import java.nio.file.Path;
import java.util.Locale;

/**
 * How a supervised process is.
 *
 * @param name of the process
 * @param state what it is doing
 * @param pid of its current incarnation
 * @param port that it serves
 * @param log where its output goes
 * @param detail why it is in that state, where that needs to be said; else empty
 */
public record ProcessStatus(String name, State state, long pid, int port, Path log, String detail) {

    /** What a process is doing. */
    public enum State {
        STARTING,
        READY,
        /** It died and is being started again. */
        RESTARTING,
        STOPPED
    }

    /** One line for people. */
    public String line() {
        return String.format(
                Locale.ROOT,
                "%-16s %-10s 127.0.0.1:%-6d pid %-8d log %s%s",
                name,
                state.name().toLowerCase(Locale.ROOT),
                port,
                pid,
                log,
                detail.isEmpty() ? "" : System.lineSeparator() + "  " + detail);
    }
}
