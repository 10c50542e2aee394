package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.platform.run.RunId;

/**
 * A run in a list.
 *
 * @param name short for its id
 * @param state in the words of the filter
 * @param result what it came to, or how far it is
 */
public record RunRow(
        String id,
        String name,
        String href,
        String stage,
        String state,
        Say.When asked,
        Say.When changed,
        int attempt,
        String worker,
        String result) {

    static RunRow of(RunBook.Entry run, String result) {
        RunChanged fact = run.state().fact();
        return new RunRow(
                run.id(),
                Say.run(run.id()),
                Frame.path(fact.getTask()) + "/runs/" + run.id(),
                RunId.nameOf(fact.getStage()),
                state(fact.getState()),
                Say.when(run.asked()),
                Say.when(run.state().time()),
                fact.getAttempt(),
                fact.getWorker(),
                result);
    }

    /** Whether a worker works on it, or is one waited for, or how it ended. */
    static String state(RunState state) {
        return switch (state) {
            case RUN_STATE_REQUESTED -> "waiting";
            case RUN_STATE_STARTED, RUN_STATE_RESUMED -> "running";
            case RUN_STATE_SUCCEEDED -> "succeeded";
            case RUN_STATE_FAILED -> "failed";
            case RUN_STATE_CANCELLED -> "cancelled";
            case RUN_STATE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    }
}
