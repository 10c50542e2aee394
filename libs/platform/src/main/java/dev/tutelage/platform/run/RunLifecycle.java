package dev.tutelage.platform.run;

import dev.tutelage.platform.run.RunRecords.Attempt;
import java.util.Optional;

/**
 * The life of one request in the hands of one worker, as decisions alone: what a worker does next follows from what it is
 * doing and how that went. Nothing is done here and no clock is read, so it can be tried in worlds that go wrong at every
 * step; {@link TakenRequest} does what it says in the real one.
 *
 * <pre>
 * LookingUp ─► Noting ─► Working ─► Storing ─► Saying ─► Over
 *     ▲ │ └─────────────────────────────▲         ▲
 *     │ └── ended already ──────────────┼─────────┘
 *     └── Waiting ◄── a failure ────────┘          ToldToStop: (Excusing ─►) Leaving ─► Over
 * </pre>
 *
 * <p>The order is what makes it safe: an attempt is noted before it is made, so that one that kills its worker counts; an
 * end is stored before it is said, so that it is said as it was whoever says it.
 */
final class RunLifecycle {
    /** How a request's life begins. */
    static final State TAKEN = new LookingUp("its workers were lost; see their logs");

    private final int maxAttempts;

    /** @param maxAttempts how often a request is worked on before it is given up, attempts that are excused not counted */
    RunLifecycle(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    /** What to do now. */
    sealed interface State {
        /** Whether a worker that is told to stop does not begin it: everything but what others can use. */
        default boolean mayBeLeft() {
            return false;
        }
    }

    /** Ask the store and the cancellations what is known about the request. */
    record LookingUp(String lastFailure) implements State {
        @Override
        public boolean mayBeLeft() {
            return true;
        }
    }

    /** Note in the store that this worker takes the run up. */
    record Noting(String lastFailure) implements State {
        @Override
        public boolean mayBeLeft() {
            return true;
        }
    }

    /** Do the stage's work, from the newest snapshot. */
    record Working(Attempt attempt) implements State {
        @Override
        public boolean mayBeLeft() {
            return true;
        }
    }

    /**
     * Store how the request ended.
     *
     * @param atWork the attempt whose result it is; empty if nothing would be lost with it
     */
    record Storing(End end, Optional<Attempt> atWork) implements State {}

    /** Say the stored facts, or none, with the offset of the request, all or nothing. */
    record Saying(boolean facts) implements State {}

    /** Note that an attempt does not count against the run. */
    record Excusing(Attempt attempt, State then) implements State {}

    /**
     * Do nothing for a while.
     *
     * @param repair whether somebody has to see to the store or the disk
     */
    record Waiting(boolean repair, State then) implements State {
        @Override
        public boolean mayBeLeft() {
            return true;
        }
    }

    /** Leave the request to whoever gets its partition next. */
    record Leaving() implements State {}

    /** Nothing; the request is out of this worker's hands. */
    record Over(RunProtocol.Ending ending) implements State {}

    /**
     * How a request ends.
     *
     * @param attempt number of the last one, 0 if there was none
     * @param reason of anything but success, for people
     */
    record End(Verdict verdict, int attempt, String reason) {}

    /** In a word. */
    enum Verdict {
        SUCCEEDED,
        FAILED,
        CANCELLED
    }

    /** What the store says about how a request ended. */
    enum Stored {
        NOTHING,
        /** It may be that nobody has said it yet. */
        TO_BE_SAID,
        /** It was done for an earlier request, and said with that one's offset. */
        SAID
    }

    /** What has happened. */
    sealed interface Event {}

    /**
     * What is known about the request.
     *
     * @param attempts how often it was taken up
     * @param charged how many of these count
     */
    record Known(Stored end, int attempts, int charged, boolean cancelled) implements Event {}

    record Noted(Attempt attempt) implements Event {}

    /** The work is done, and the bytes of its result are durable. */
    record Worked() implements Event {}

    /** The input is wrong: the run would fail however often it is tried. */
    record Rejected(String reason) implements Event {}

    /** The worker shuts down or has lost the partition. Work at hand has left a snapshot. */
    record ToldToStop() implements Event {}

    /** Work at hand has stopped because its request was cancelled. */
    record Cancelled() implements Event {}

    /** It did not work out; another time it may. */
    record Failed(String reason) implements Event {}

    /** The store is down or the disk is full, which is not the run's fault. */
    record Blocked(String reason) implements Event {}

    /** What was to be done without a result is done: storing, excusing, waiting. */
    record Done() implements Event {}

    /** The facts and the offset are committed. */
    record Committed() implements Event {}

    /** This worker no longer holds the request. */
    record Lost() implements Event {}

    /** What to do after something has happened. */
    State next(State state, Event event) {
        if (event instanceof ToldToStop && state.mayBeLeft()) {
            return leave(state);
        } else if (event instanceof Failed failed) {
            return afterFailure(state, failed.reason());
        } else if (event instanceof Blocked blocked) {
            return whileBlocked(state, blocked.reason());
        } else if (state instanceof LookingUp at && event instanceof Known known) {
            return decide(known, at.lastFailure());
        } else if (state instanceof Noting && event instanceof Noted noted) {
            return new Working(noted.attempt());
        } else if (state instanceof Working at) {
            return afterWork(at.attempt(), event);
        } else if (state instanceof Storing && event instanceof Done) {
            return new Saying(true);
        } else if (state instanceof Excusing at && event instanceof Done) {
            return at.then();
        } else if (state instanceof Waiting at && event instanceof Done) {
            return at.then();
        } else if (state instanceof Saying && event instanceof Committed) {
            return new Over(RunProtocol.Ending.DONE);
        } else if (event instanceof Lost && (state instanceof Saying || state instanceof Leaving)) {
            return new Over(RunProtocol.Ending.LEFT);
        }
        throw new IllegalStateException(event + " cannot happen while " + state);
    }

    private State decide(Known known, String lastFailure) {
        if (known.end() != Stored.NOTHING) {
            return new Saying(known.end() == Stored.TO_BE_SAID);
        } else if (known.cancelled()) {
            return end(Verdict.CANCELLED, known.attempts(), "");
        } else if (known.charged() >= maxAttempts) {
            return end(
                    Verdict.FAILED,
                    known.attempts(),
                    "it was taken up " + maxAttempts + " times and never came to an end; last: " + lastFailure);
        }
        return new Noting(lastFailure);
    }

    private static State afterWork(Attempt attempt, Event event) {
        if (event instanceof Worked) {
            return new Storing(new End(Verdict.SUCCEEDED, attempt.number(), ""), Optional.of(attempt));
        } else if (event instanceof Rejected rejected) {
            return end(Verdict.FAILED, attempt.number(), rejected.reason());
        } else if (event instanceof Cancelled) {
            return end(Verdict.CANCELLED, attempt.number(), "");
        }
        throw new IllegalStateException(event + " cannot happen to attempt " + attempt.number());
    }

    private static State end(Verdict verdict, int attempt, String reason) {
        return new Storing(new End(verdict, attempt, reason), Optional.empty());
    }

    /** Being told to stop is not the run's fault. */
    private static State leave(State state) {
        return attemptAtHand(state)
                .<State>map(attempt -> new Excusing(attempt, new Leaving()))
                .orElseGet(Leaving::new);
    }

    private static Optional<Attempt> attemptAtHand(State state) {
        if (state instanceof Working at) {
            return Optional.of(at.attempt());
        } else if (state instanceof Storing at) {
            return at.atWork();
        } else if (state instanceof Excusing at) {
            return Optional.of(at.attempt());
        } else if (state instanceof Waiting at) {
            return attemptAtHand(at.then());
        }
        return Optional.empty();
    }

    private static State afterFailure(State state, String reason) {
        if (state instanceof Excusing) {
            return whileBlocked(state, reason);
        }
        return new Waiting(false, new LookingUp(reason));
    }

    /** What is at hand is kept until it can be stored, and what is excused stays so. */
    private static State whileBlocked(State state, String reason) {
        if (state instanceof Excusing at && at.then() instanceof Leaving) {
            return at.then();
        } else if (state instanceof Excusing || state instanceof Storing) {
            return new Waiting(true, state);
        } else if (state instanceof Working at) {
            return new Waiting(true, new Excusing(at.attempt(), new LookingUp(reason)));
        }
        return new Waiting(true, new LookingUp(reason));
    }
}
