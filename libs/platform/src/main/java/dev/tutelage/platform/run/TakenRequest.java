package dev.tutelage.platform.run;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.RequestPlace;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.DiskSpace;
import dev.tutelage.platform.run.RunLifecycle.Event;
import dev.tutelage.platform.run.RunLifecycle.State;
import dev.tutelage.platform.run.RunLifecycle.Stored;
import dev.tutelage.platform.run.RunRecords.Attempt;
import dev.tutelage.platform.run.RunRecords.History;
import dev.tutelage.platform.run.RunRecords.Outcome;
import dev.tutelage.platform.trace.RunFields;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request in a worker's hands: does what {@link RunLifecycle} decides, and tells it how that went. */
final class TakenRequest {
    private static final Logger LOG = LoggerFactory.getLogger(TakenRequest.class);
    private static final long RETRY_PAUSE_MILLIS = 1_000;
    private static final long REPAIR_PAUSE_MILLIS = 5_000;

    private final RunProtocol.Settings settings;
    private final RunProtocol.Surroundings around;
    private final RunRequested request;
    private final Asked asked;
    private final Lease lease;
    private final RunRecords records;
    private final RunFacts facts;
    private final RunLifecycle lifecycle;
    private History history = new History(false, 0, 0, 0);
    /** What the stage has made of the attempt at hand, and what it could not use. */
    private List<Message> result = List.of();

    private List<RejectedItem> rejected = List.of();
    /** What ends the request, once that is stored. */
    private List<Message> ending = List.of();

    TakenRequest(
            RunProtocol.Settings settings,
            RunProtocol.Surroundings around,
            RunRequested request,
            RunFacts facts,
            Lease lease) {
        this.settings = settings;
        this.around = around;
        this.request = request;
        this.asked = Asked.by(request);
        this.facts = facts;
        this.lease = lease;
        this.records = new RunRecords(around.store());
        this.lifecycle = new RunLifecycle(settings.maxAttempts());
    }

    /** Brings the request to its end, here or elsewhere. */
    RunProtocol.Ending run() throws InterruptedException {
        State state = RunLifecycle.TAKEN;
        while (true) {
            if (state instanceof RunLifecycle.Over over) {
                return over.ending();
            }
            Event event = state.mayBeLeft() && mustLeave() ? new RunLifecycle.ToldToStop() : perform(state);
            state = lifecycle.next(state, event);
        }
    }

    private boolean mustLeave() {
        return !lease.isHeld() || around.shuttingDown().getAsBoolean();
    }

    private boolean isCancelled() {
        return around.cancelled().test(asked);
    }

    private Event perform(State state) throws InterruptedException {
        try {
            if (state instanceof RunLifecycle.LookingUp) {
                return lookUp();
            } else if (state instanceof RunLifecycle.Noting) {
                return new RunLifecycle.Noted(records.beginAttempt(asked, settings.worker(), history));
            } else if (state instanceof RunLifecycle.Working working) {
                return work(working.attempt());
            } else if (state instanceof RunLifecycle.Storing storing) {
                return store(storing.end());
            } else if (state instanceof RunLifecycle.Saying saying) {
                return say(saying.facts());
            } else if (state instanceof RunLifecycle.Excusing excusing) {
                records.excuse(asked, excusing.attempt());
                return new RunLifecycle.Done();
            } else if (state instanceof RunLifecycle.Waiting waiting) {
                Thread.sleep(waiting.repair() ? REPAIR_PAUSE_MILLIS : RETRY_PAUSE_MILLIS);
                return new RunLifecycle.Done();
            } else if (state instanceof RunLifecycle.Leaving) {
                around.commit().leave(lease);
                return new RunLifecycle.Lost();
            }
            throw new IllegalStateException("Nothing can be done about " + state);
        } catch (IOException | RuntimeException e) {
            return failure(e);
        }
    }

    private Event lookUp() {
        history = records.history(asked);
        result = List.of();
        rejected = List.of();
        Optional<Outcome> outcome = history.ended() ? records.outcome(asked) : Optional.empty();
        ending = outcome.map(Outcome::facts).orElse(List.of());
        Stored stored = outcome.map(known -> known.saidBefore(place()) ? Stored.SAID : Stored.TO_BE_SAID)
                .orElse(Stored.NOTHING);
        if (stored != Stored.NOTHING) {
            LOG.info("Run {} has come to its end before: {}", asked.run(), stored);
        }
        return new RunLifecycle.Known(stored, history.attempts(), history.charged(), isCancelled());
    }

    private RequestPlace place() {
        return RequestPlace.newBuilder()
                .setTopicId(around.topicIds().of(lease.partition().topic()))
                .setPartition(lease.partition().partition())
                .setOffset(lease.offset())
                .build();
    }

    private Event work(Attempt attempt) throws IOException {
        Span.current().setAttribute(RunFields.PREFIX + "attempt", attempt.number());
        around.commit().say(facts.begun(attempt.number()));
        try (WorkingDirectory directory = WorkingDirectory.create(settings.directory(), asked.run())) {
            Workspace workspace = new Workspace(
                    directory.path(),
                    around.store(),
                    new SnapshotStore(
                            around.store(),
                            asked.run(),
                            attempt.order(),
                            directory.path().resolve("snapshots"),
                            around.snapshots()),
                    how -> around.progress().accept(facts.progressed(how)),
                    () -> mustLeave() || isCancelled());
            return work(workspace);
        } finally {
            around.snapshots().end(asked.run());
        }
    }

    private Event work(Workspace workspace) throws IOException {
        try {
            result = List.copyOf(around.stage().work(request, workspace));
            return new RunLifecycle.Worked();
        } catch (RunRejectedException e) {
            LOG.error("Run {} is rejected", asked.run(), e);
            return new RunLifecycle.Rejected(e.getMessage());
        } catch (RunStoppedException e) {
            LOG.info("Run {} stopped: {}", asked.run(), e.getMessage());
            return !mustLeave() && isCancelled() ? new RunLifecycle.Cancelled() : new RunLifecycle.ToldToStop();
        } finally {
            rejected = workspace.rejected();
        }
    }

    private Event store(RunLifecycle.End end) {
        ending = facts.ending(end, result, rejected);
        Span.current().addEvent(end.verdict().name().toLowerCase(Locale.ROOT));
        if (end.verdict() == RunLifecycle.Verdict.FAILED) {
            Span.current().setStatus(StatusCode.ERROR, end.reason());
        }
        records.saveOutcome(asked, place(), ending);
        return new RunLifecycle.Done();
    }

    private Event say(boolean isUnsaid) throws InterruptedException {
        RunProtocol.Ending how = around.commit().end(lease, isUnsaid ? ending : List.of());
        return how == RunProtocol.Ending.DONE ? new RunLifecycle.Committed() : new RunLifecycle.Lost();
    }

    private Event failure(Exception e) {
        String reason = String.valueOf(e.getMessage());
        if (isMachinesFault(e)) {
            LOG.error("Run {} waits: {}", asked.run(), reason);
            return new RunLifecycle.Blocked(reason);
        }
        LOG.error("Run {} failed; trying again", asked.run(), e);
        return new RunLifecycle.Failed(reason);
    }

    /**
     * A store that is down or misconfigured and a disk that is full are not the run's fault: it waits until somebody has
     * seen to them, for as long as that takes.
     */
    private static boolean isMachinesFault(Exception e) {
        if (e instanceof ArtifactStoreException store) {
            return switch (store.kind()) {
                case UNAVAILABLE, ACCESS_DENIED, NO_BUCKET, NO_SPACE -> true;
                case NOT_FOUND, CORRUPT -> false;
            };
        }
        return DiskSpace.isExhausted(e);
    }
}
