package dev.tutelage.control.run;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.platform.run.RunId;
import java.util.List;

/**
 * A run that somebody has asked for.
 *
 * @param request the newest one
 * @param state in which that request is
 * @param reason of that state, for people; may be empty
 * @param cancelled whether somebody wants that request to end
 */
public record KnownRun(RunRequested request, RunState state, String reason, boolean cancelled) {
    public String id() {
        return request.getRunId();
    }

    public boolean hasSucceeded() {
        return state == RunState.RUN_STATE_SUCCEEDED;
    }

    /** Whether it may be asked for again. */
    public boolean isWithoutResult() {
        return state == RunState.RUN_STATE_FAILED || state == RunState.RUN_STATE_CANCELLED;
    }

    /** The state as people say it, such as {@code failed}. */
    public String stateName() {
        return RunId.nameOf(state);
    }

    /**
     * The facts that ask for it once more; it goes on from its newest snapshot.
     *
     * @throws RefusedException if it has not ended, or has a result
     */
    public List<Message> askAgain() throws RefusedException {
        if (hasSucceeded()) {
            throw new RefusedException("Run " + id() + " has succeeded; the same work would give the same result");
        } else if (!isWithoutResult()) {
            throw new RefusedException("Run " + id() + " is not at its end (" + stateName()
                    + "); only one that has failed or was cancelled can be retried");
        }
        RunRequested again =
                request.toBuilder().setRetry(request.getRetry() + 1).build();
        RunChanged requested = RunChanged.newBuilder()
                .setRunId(id())
                .setTask(again.getTask())
                .setStage(again.getStage())
                .setState(RunState.RUN_STATE_REQUESTED)
                .setMessage(
                        "Asked for again after it " + (state == RunState.RUN_STATE_FAILED ? "failed" : "was cancelled"))
                .setParent(again.getParent())
                .setDataset(again.getDataset().getDigest())
                .setRetry(again.getRetry())
                .build();
        return List.of(again, requested);
    }

    /**
     * The fact that somebody wants it to end.
     *
     * @param why for people; may be empty
     * @param by who wants it
     * @throws RefusedException if it has ended, or that was said before
     */
    public CancellationRequested cancel(String why, String by) throws RefusedException {
        if (hasSucceeded() || isWithoutResult()) {
            throw new RefusedException(
                    "Run " + id() + " is at its end already (" + stateName() + "); there is nothing to cancel");
        } else if (cancelled) {
            throw new RefusedException("Run " + id() + " was cancelled before; it ends as soon as a worker"
                    + " has come to it. See that one runs");
        }
        return CancellationRequested.newBuilder()
                .setRunId(id())
                .setTask(request.getTask())
                .setRetry(request.getRetry())
                .setReason(why)
                .setBy(by)
                .build();
    }
}
