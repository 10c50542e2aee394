package dev.tutelage.cli.gc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.artifact.DigestTable;
import dev.tutelage.platform.ledger.TaskLedger;
import java.time.Instant;
import java.util.Optional;

/**
 * Which runs are at their end, and since when. There may be as many as shards, so of each no more than the hash of
 * its id is kept, its newest request (they are numbered by retries) and the time of its end.
 */
public final class RunEnds {
    /** The times of ends are below it until the year 2527. */
    private static final long RETRY = 1L << 44;

    /** More than any retry: nothing comes after success. */
    private static final long FOR_GOOD = 1L << 18;

    private static final long OPEN = 0;

    private final DigestTable runs = new DigestTable();

    /** Somebody asks for a run. */
    public void requested(String runId, int retry) {
        note(runId, retry, OPEN);
    }

    /** A run has changed its state. */
    public void changed(RunChanged run, Instant said) {
        if (run.getState() == RunState.RUN_STATE_SUCCEEDED) {
            succeeded(run.getRunId(), said);
        } else {
            note(
                    run.getRunId(),
                    run.getRetry(),
                    TaskLedger.isTerminal(run.getState()) ? Math.max(1, said.toEpochMilli()) : OPEN);
        }
    }

    /** A run has succeeded: it is at its end for good. */
    public void succeeded(String runId, Instant said) {
        note(runId, FOR_GOOD, Math.max(1, said.toEpochMilli()));
    }

    /** What is said of a later retry holds; of one retry, its end, and the first one at that. */
    private void note(String runId, long retry, long end) {
        Digest key = key(runId);
        long known = runs.get(key).orElse(-1);
        boolean news = known < 0 || retry > known / RETRY || (retry == known / RETRY && known % RETRY == OPEN);
        if (news) {
            runs.put(key, retry * RETRY + end);
        }
    }

    /** Whether anything was said about a run. */
    public boolean knows(String runId) {
        return runs.contains(key(runId));
    }

    /** Whether a run has succeeded. */
    public boolean hasSucceeded(String runId) {
        return runs.get(key(runId)).orElse(0) >= FOR_GOOD * RETRY;
    }

    /** When the run came to its end; empty while it is open, or if nobody asked for it. */
    public Optional<Instant> end(String runId) {
        long end = runs.get(key(runId)).orElse(OPEN) % RETRY;
        return end == OPEN ? Optional.empty() : Optional.of(Instant.ofEpochMilli(end));
    }

    private static Digest key(String runId) {
        return Digest.of(runId.getBytes(UTF_8));
    }
}
