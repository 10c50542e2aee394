package dev.tutelage.gateway.history;

import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.ledger.TaskLedger;
import java.time.Instant;
import java.util.Optional;

/** What was said of a run. */
public final class RunEntry {
    private final String id;
    private Instant since;
    private Optional<Said<RunRequested>> asked = Optional.empty();
    private Optional<Said<RunChanged>> changed = Optional.empty();
    private int retry;

    RunEntry(String id, Instant since) {
        this.id = id;
        this.since = since;
    }

    void add(RunRequested request, Instant time) {
        // Why it is asked for is told by the first request; a retry has the same grounds.
        if (asked.isEmpty() || request.getRetry() < asked.get().fact().getRetry()) {
            asked = Optional.of(new Said<>(request, time));
        }
        retry = Math.max(retry, request.getRetry());
        heard(time);
    }

    void add(RunChanged change, Instant time) {
        if (changed.isEmpty() || TaskLedger.isSuperseded(changed.get().fact(), change)) {
            changed = Optional.of(new Said<>(change, time));
        }
        retry = Math.max(retry, change.getRetry());
        heard(time);
    }

    private void heard(Instant time) {
        since = time.isBefore(since) ? time : since;
    }

    public String id() {
        return id;
    }

    /** When it was first heard of. */
    public Instant since() {
        return since;
    }

    /** The first request, if it is known; those of labeling are without their held-out shards. */
    public Optional<Said<RunRequested>> asked() {
        return asked;
    }

    /** What the newest request of the run has come to, if anything was said of it. */
    public Optional<Said<RunChanged>> changed() {
        return changed.filter(change -> change.fact().getRetry() == retry);
    }

    /** How often it was asked for again. */
    public int retry() {
        return retry;
    }

    public RunState state() {
        return changed().map(change -> change.fact().getState()).orElse(RunState.RUN_STATE_REQUESTED);
    }

    public Stage stage() {
        return asked.map(request -> request.fact().getStage())
                .or(() -> changed.map(change -> change.fact().getStage()))
                .orElse(Stage.STAGE_UNSPECIFIED);
    }

    public boolean isOpen() {
        return !TaskLedger.isTerminal(state());
    }
}
