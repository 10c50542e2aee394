package dev.tutelage.platform.ledger;

import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known about the runs of a task: what was asked for, how far it has come, and what was called off.
 *
 * <p>A run may be asked for again when it has failed or was cancelled (a retry); the end of one request is not that of a
 * later one.
 */
final class RunHistory {
    private final Map<String, RunChanged> runs = new LinkedHashMap<>();
    private final Map<String, RunRequested> requests = new LinkedHashMap<>();
    private final Map<String, Instant> requestTimes = new HashMap<>();
    private final Set<Request> cancelled = new HashSet<>();

    private record Request(String run, int retry) {}

    void add(RunChanged run) {
        runs.merge(run.getRunId(), run, (known, said) -> TaskLedger.isSuperseded(known, said) ? said : known);
    }

    void add(RunRequested request, Instant said) {
        requestTimes.putIfAbsent(request.getRunId(), said);
        requests.merge(
                request.getRunId(), request, (known, other) -> other.getRetry() > known.getRetry() ? other : known);
    }

    void add(CancellationRequested cancellation) {
        cancelled.add(new Request(cancellation.getRunId(), cancellation.getRetry()));
    }

    Optional<RunChanged> run(String runId) {
        return Optional.ofNullable(runs.get(runId));
    }

    List<RunChanged> runs() {
        return new ArrayList<>(runs.values());
    }

    /** Those of a stage, each once, in the order in which they were first asked for. */
    List<RunRequested> requests(Stage stage) {
        return requests.values().stream()
                .filter(request -> request.getStage() == stage)
                .sorted(Comparator.comparingLong(RunRequested::getNumber))
                .toList();
    }

    Optional<RunRequested> request(String runId) {
        return Optional.ofNullable(requests.get(runId));
    }

    Optional<Instant> requestTime(String runId) {
        return Optional.ofNullable(requestTimes.get(runId));
    }

    boolean isCancelled(String runId, int retry) {
        return cancelled.contains(new Request(runId, retry));
    }

    boolean isOpen(String runId) {
        return !run(runId)
                .map(RunChanged::getState)
                .filter(TaskLedger::isTerminal)
                .isPresent();
    }

    /** How many of the stage's were asked for, or asked for again, and are not at their end. */
    long open(Stage stage) {
        return requests.values().stream()
                .filter(request -> request.getStage() == stage)
                .filter(request -> run(request.getRunId())
                        .filter(run -> run.getRetry() >= request.getRetry() && TaskLedger.isTerminal(run.getState()))
                        .isEmpty())
                .count();
    }

    boolean hasEndedWithoutResult(String runId) {
        return run(runId)
                .map(RunChanged::getState)
                .filter(RunHistory::isWithoutResult)
                .isPresent();
    }

    /** Nobody need wait for a run in that state, unless somebody asks for it again. */
    static boolean isWithoutResult(RunState state) {
        return state == RunState.RUN_STATE_FAILED || state == RunState.RUN_STATE_CANCELLED;
    }
}
