package dev.tutelage.platform.run;

import dev.tutelage.platform.run.RunLifecycle.Event;
import dev.tutelage.platform.run.RunLifecycle.State;
import dev.tutelage.platform.run.RunLifecycle.Stored;
import dev.tutelage.platform.run.RunLifecycle.Verdict;
import dev.tutelage.platform.run.RunRecords.Attempt;
import dev.tutelage.platform.run.RunRecords.History;
import dev.tutelage.platform.run.SimulatedStore.StoredEnd;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;

/** A worker of a simulated world, with one hand. It knows of the world only what it has been told. */
final class SimulatedWorker {
    /** Steps of a training. */
    private static final int LENGTH = 4;

    private static final int NONE = -1;

    private final String name;
    private final SimulatedWorld world;
    private final Decisions decisions;
    private final Set<Asked> cancelled = new HashSet<>();
    private Optional<Hand> hand = Optional.empty();
    private boolean paused;
    private boolean shuttingDown;
    /** Since which assignment it holds the partition, as far as it knows. */
    private int epoch = NONE;

    private int position;

    /** What {@link RunLifecycle#next} is, or something that is wrong with it. */
    interface Decisions {
        State next(State state, Event event);
    }

    /** What may come of a step of a training. */
    enum Whim {
        GO_ON,
        SNAPSHOT,
        FAIL,
        REJECT
    }

    /** A request at hand. */
    private static final class Hand {
        private final int offset;
        private final Asked asked;
        private final int epoch;
        private State state = RunLifecycle.TAKEN;
        private History history = new History(false, 0, 0, 0);
        private Optional<StoredEnd> ending = Optional.empty();
        private boolean begun;
        private int step;

        Hand(int offset, Asked asked, int epoch) {
            this.offset = offset;
            this.asked = asked;
            this.epoch = epoch;
        }
    }

    SimulatedWorker(String name, SimulatedWorld world, Decisions decisions) {
        this.name = name;
        this.world = world;
        this.decisions = decisions;
    }

    boolean isResponsive() {
        return !paused;
    }

    void pause(boolean whether) {
        paused = whether;
    }

    void shutDown() {
        shuttingDown = true;
    }

    void assigned(int since, int committed) {
        epoch = since;
        position = committed;
    }

    /** Learns that its partition was taken away. */
    void loses() {
        epoch = NONE;
    }

    void learn(Set<Asked> all) {
        if (!paused) {
            cancelled.addAll(all);
        }
    }

    /** Does the next thing; returns false if the process has come to its end. */
    boolean step(Whim whim) {
        if (paused) {
            return true;
        }
        if (hand.isPresent()) {
            goOn(hand.get(), whim);
            return true;
        }
        if (epoch != NONE && !shuttingDown) {
            hand = world.requestAt(position).map(asked -> new Hand(position, asked, epoch));
            position += hand.isPresent() ? 1 : 0;
        }
        return !shuttingDown;
    }

    private void goOn(Hand at, Whim whim) {
        boolean leaves = at.state.mayBeLeft() && !at.begun && mustLeave(at);
        Optional<Event> event = leaves ? Optional.of(new RunLifecycle.ToldToStop()) : perform(at, whim);
        event.ifPresent(happened -> {
            at.state = decisions.next(at.state, happened);
            at.begun = false;
        });
        if (at.state instanceof RunLifecycle.Over) {
            hand = Optional.empty();
        }
    }

    private boolean mustLeave(Hand at) {
        return shuttingDown || at.epoch != epoch;
    }

    /** Empty if it takes longer. */
    private Optional<Event> perform(Hand at, Whim whim) {
        try {
            if (at.state instanceof RunLifecycle.Working working) {
                return work(at, working.attempt(), whim);
            } else if (at.state instanceof RunLifecycle.Saying saying) {
                return say(at, saying.facts());
            }
            return Optional.of(performAtOnce(at));
        } catch (SimulatedStore.Unanswered e) {
            return Optional.of(new RunLifecycle.Blocked("the store is down"));
        }
    }

    private Event performAtOnce(Hand at) {
        if (at.state instanceof RunLifecycle.LookingUp) {
            return lookUp(at);
        } else if (at.state instanceof RunLifecycle.Noting) {
            world.watch().noted(at.asked.run(), holds(at));
            return new RunLifecycle.Noted(world.store().beginAttempt(at.asked, name, at.history));
        } else if (at.state instanceof RunLifecycle.Storing storing) {
            StoredEnd end = new StoredEnd(storing.end().verdict(), at.offset);
            at.ending = Optional.of(end);
            world.store().save(at.asked, end);
        } else if (at.state instanceof RunLifecycle.Excusing excusing) {
            excuse(at, excusing.attempt());
        } else if (at.state instanceof RunLifecycle.Leaving) {
            return new RunLifecycle.Lost();
        }
        return new RunLifecycle.Done();
    }

    private void excuse(Hand at, Attempt attempt) {
        try {
            world.store().excuse(at.asked, attempt);
        } finally {
            if (world.store().isExcused(at.asked, attempt)) {
                world.watch().excused(at.asked, attempt);
            }
        }
    }

    private Event lookUp(Hand at) {
        at.history = world.store().history(at.asked);
        at.ending = at.history.ended() ? world.store().end(at.asked) : Optional.empty();
        Stored stored = at.ending
                .map(end -> end.offset() < at.offset ? Stored.SAID : Stored.TO_BE_SAID)
                .orElse(Stored.NOTHING);
        return new RunLifecycle.Known(
                stored, at.history.attempts(), at.history.charged(), cancelled.contains(at.asked));
    }

    private Optional<Event> work(Hand at, Attempt attempt, Whim whim) {
        if (!at.begun) {
            at.step = world.store().newestStep(at.asked.run());
            at.begun = true;
            world.watch().begun(at.asked, attempt, at.step, holds(at));
        } else if (mustLeave(at) || cancelled.contains(at.asked)) {
            save(at, attempt);
            return Optional.of(mustLeave(at) ? new RunLifecycle.ToldToStop() : new RunLifecycle.Cancelled());
        } else if (whim == Whim.FAIL) {
            world.watch().failed(at.asked, holds(at));
            return Optional.of(new RunLifecycle.Failed("on purpose"));
        } else if (whim == Whim.REJECT) {
            return Optional.of(new RunLifecycle.Rejected("on purpose"));
        } else if (at.step == LENGTH) {
            world.store().saveResult(at.asked.run());
            at.ending = Optional.of(new StoredEnd(Verdict.SUCCEEDED, at.offset));
            return Optional.of(new RunLifecycle.Worked());
        } else {
            at.step++;
            if (whim == Whim.SNAPSHOT) {
                save(at, attempt);
            }
        }
        return Optional.empty();
    }

    private void save(Hand at, Attempt attempt) {
        world.store().saveSnapshot(at.asked.run(), attempt.order(), at.step);
        world.watch().saved(at.asked.run(), at.step, holds(at));
    }

    private Optional<Event> say(Hand at, boolean facts) {
        if (at.epoch != epoch) {
            return Optional.of(new RunLifecycle.Lost());
        }
        Optional<Verdict> verdict = at.ending.map(StoredEnd::verdict).filter(end -> facts);
        // One that is refused tries again until it knows why.
        return world.commit(this, at.epoch, at.offset, verdict)
                ? Optional.of(new RunLifecycle.Committed())
                : Optional.empty();
    }

    private boolean holds(Hand at) {
        return world.isHeld(this, at.epoch);
    }

    /** Broken decisions: the right ones, and then something else. */
    static Decisions broken(int maxAttempts, BinaryOperator<State> instead) {
        RunLifecycle right = new RunLifecycle(maxAttempts);
        return (state, event) -> instead.apply(state, right.next(state, event));
    }
}
