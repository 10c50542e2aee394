package dev.tutelage.platform.run;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How old the newest snapshots are of the runs that a worker has at hand: what would have to be done again if it were killed.
 * A run counts from when it has asked for the snapshots to go on from; one that takes none does not count.
 */
public final class SnapshotAges {
    private final Clock clock;
    private final Map<String, Instant> newest = new ConcurrentHashMap<>();

    public SnapshotAges(Clock clock) {
        this.clock = clock;
    }

    /** What the run has done so far is safe. */
    void renew(String run) {
        newest.put(run, clock.instant());
    }

    /** The run is no longer at hand. */
    void end(String run) {
        newest.remove(run);
    }

    /** Seconds since the oldest of them; 0 without a run that takes snapshots. */
    public double oldest() {
        Instant now = clock.instant();
        return newest.values().stream()
                .min(Comparator.naturalOrder())
                .map(oldest -> Math.max(0, now.toEpochMilli() - oldest.toEpochMilli()) / 1e3)
                .orElse(0.0);
    }
}
