package dev.tutelage.cli.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be done to a machine. */
public enum FaultKind {
    /** A process is killed (SIGKILL) and started again; the broker and the store are processes too. */
    KILL(Target.PROCESS, 0, 0),
    /** A service is asked to end (SIGTERM) and started again. */
    TERMINATE(Target.SERVICE, 0, 0),
    /** A service is stopped where it is (SIGSTOP) for longer than its session lasts, and goes on as a zombie (SIGCONT). */
    FREEZE(Target.SERVICE, 12, 20),
    /** The connections of a service to the broker are reset, and none can be made. */
    CUT(Target.SERVICE, 3, 15),
    /** Nothing arrives on the connections of a service to the broker. */
    HANG(Target.SERVICE, 3, 15),
    /** Everything between a service and the broker takes its time. */
    SLOW(Target.SERVICE, 5, 15),
    /** The store answers a third of the requests with 500. */
    STORE_ERROR(Target.STORE, 5, 15),
    /** The store answers a third of the requests with 503. */
    STORE_UNAVAILABLE(Target.STORE, 5, 15),
    /** The store takes half a second longer for a third of the requests. */
    STORE_SLOW(Target.STORE, 5, 15),
    /** A third of the store's answers break off. */
    STORE_TRUNCATED(Target.STORE, 5, 15),
    /** Requests and shards that were said are said again, the newest first. */
    REPEAT(Target.LOG, 0, 0),
    /** Every process is killed at once. */
    RESTART_ALL(Target.ALL, 0, 0);

    /** What a fault is done to. */
    enum Target {
        SERVICE,
        /** A service, the broker or the store. */
        PROCESS,
        STORE,
        LOG,
        ALL
    }

    private final Target target;
    private final int shortestSeconds;
    private final int longestSeconds;

    FaultKind(Target target, int shortestSeconds, int longestSeconds) {
        this.target = target;
        this.shortestSeconds = shortestSeconds;
        this.longestSeconds = longestSeconds;
    }

    Target target() {
        return target;
    }

    /** How long it lasts at least; a fault of no length is done at once. */
    Duration shortest() {
        return Duration.ofSeconds(shortestSeconds);
    }

    Duration longest() {
        return Duration.ofSeconds(longestSeconds);
    }

    /** As people write it. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<FaultKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
}
