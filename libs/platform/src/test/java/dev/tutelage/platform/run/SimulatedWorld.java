package dev.tutelage.platform.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.platform.run.RunLifecycle.Verdict;
import dev.tutelage.platform.run.SimulatedStore.Mood;
import dev.tutelage.platform.run.SimulatedWorker.Decisions;
import dev.tutelage.platform.run.SimulatedWorker.Whim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A world of one request partition, a consumer group of two workers and an object store, in which everything happens one
 * step at a time and anything may happen between two steps.
 */
final class SimulatedWorld {
    static final int MAX_ATTEMPTS = 2;
    static final int WORKERS = 2;
    private static final int STEPS_PER_REQUEST = 200;

    private final SimulatedStore store = new SimulatedStore();
    private final Watch watch = new Watch(MAX_ATTEMPTS);
    private final Decisions decisions;
    private final List<Asked> requests = new ArrayList<>();
    private final Map<String, Integer> retries = new HashMap<>();
    private final Set<Asked> cancellations = new HashSet<>();
    private final List<Optional<SimulatedWorker>> workers = new ArrayList<>();
    private Optional<SimulatedWorker> owner = Optional.empty();
    private int epoch;
    private int committed;
    private int born;

    /** What may happen. */
    enum Kind {
        STEP,
        SNAPSHOT,
        FAIL,
        REJECT,
        /** kill -9. */
        CRASH,
        RESTART,
        /** SIGTERM. */
        SHUT_DOWN,
        /** SIGSTOP: it knows of nothing that happens meanwhile, and of that only later. */
        PAUSE,
        RESUME,
        /** The group gives up a member that is not heard of. */
        EXPIRE,
        REBALANCE,
        /** A worker hears from its group. */
        NOTICE,
        /** A worker hears of cancellations. */
        LEARN,
        STORE_UP,
        STORE_DOWN,
        STORE_DEAF,
        /** A trigger asks; it may have asked before. */
        REQUEST,
        CANCEL,
        RETRY
    }

    /**
     * Something that happens, if it can.
     *
     * @param worker whom it happens to, where it happens to one
     * @param run which run it is about, where it is about one
     */
    record Action(Kind kind, int worker, String run) {
        @Override
        public String toString() {
            return kind + " " + worker + " " + run;
        }
    }

    SimulatedWorld(Decisions decisions) {
        this.decisions = decisions;
        for (int i = 0; i < WORKERS; i++) {
            workers.add(Optional.empty());
            start(i);
        }
    }

    void happen(Action action) {
        switch (action.kind()) {
            case STEP -> step(action.worker(), Whim.GO_ON);
            case SNAPSHOT -> step(action.worker(), Whim.SNAPSHOT);
            case FAIL -> step(action.worker(), Whim.FAIL);
            case REJECT -> step(action.worker(), Whim.REJECT);
            case CRASH -> workers.set(action.worker(), Optional.empty());
            case RESTART -> start(action.worker());
            case SHUT_DOWN -> with(action.worker(), SimulatedWorker::shutDown);
            case PAUSE -> with(action.worker(), worker -> worker.pause(true));
            case RESUME -> with(action.worker(), worker -> worker.pause(false));
            case EXPIRE -> expire();
            case REBALANCE -> rebalance();
            case NOTICE -> with(action.worker(), this::notice);
            case LEARN -> with(action.worker(), worker -> worker.learn(cancellations));
            case STORE_UP -> store.be(Mood.UP);
            case STORE_DOWN -> store.be(Mood.DOWN);
            case STORE_DEAF -> store.be(Mood.DEAF);
            case REQUEST -> requests.add(newest(action.run()));
            case CANCEL -> cancel(newest(action.run()));
            case RETRY -> retry(newest(action.run()));
        }
    }

    private void with(int number, Consumer<SimulatedWorker> effect) {
        workers.get(number).ifPresent(effect);
    }

    private void start(int number) {
        if (workers.get(number).isEmpty()) {
            born++;
            workers.set(number, Optional.of(new SimulatedWorker("worker-" + born, this, decisions)));
        }
    }

    private void step(int number, Whim whim) {
        if (workers.get(number).filter(worker -> !worker.step(whim)).isPresent()) {
            workers.set(number, Optional.empty());
        }
    }

    private boolean isAlive(SimulatedWorker worker) {
        return workers.contains(Optional.of(worker));
    }

    private void expire() {
        if (owner.filter(worker -> isAlive(worker) && worker.isResponsive()).isEmpty()) {
            assign(workers.stream()
                    .flatMap(Optional::stream)
                    .filter(SimulatedWorker::isResponsive)
                    .findFirst());
        }
    }

    private void rebalance() {
        Optional<SimulatedWorker> other = workers.stream()
                .flatMap(Optional::stream)
                .filter(worker -> worker.isResponsive() && !Optional.of(worker).equals(owner))
                .findFirst();
        if (other.isPresent()
                && owner.filter(worker -> isAlive(worker) && worker.isResponsive())
                        .isPresent()) {
            owner.get().loses();
            assign(other);
        }
    }

    private void assign(Optional<SimulatedWorker> next) {
        epoch++;
        owner = next;
        owner.ifPresent(worker -> worker.assigned(epoch, committed));
    }

    private void notice(SimulatedWorker worker) {
        if (worker.isResponsive() && !owner.equals(Optional.of(worker))) {
            worker.loses();
        }
    }

    private Asked newest(String run) {
        return new Asked(run, retries.getOrDefault(run, 0));
    }

    private void cancel(Asked asked) {
        if (requests.contains(asked)) {
            cancellations.add(asked);
        }
    }

    private void retry(Asked asked) {
        if (watch.verdict(asked).filter(verdict -> verdict != Verdict.SUCCEEDED).isPresent()) {
            retries.put(asked.run(), asked.retry() + 1);
            requests.add(newest(asked.run()));
        }
    }

    SimulatedStore store() {
        return store;
    }

    Watch watch() {
        return watch;
    }

    Optional<Asked> requestAt(int offset) {
        return offset < requests.size() ? Optional.of(requests.get(offset)) : Optional.empty();
    }

    boolean isHeld(SimulatedWorker worker, int since) {
        return since == epoch && owner.equals(Optional.of(worker));
    }

    /** The transaction that ends a request; returns false to whom the group has moved on without. */
    boolean commit(SimulatedWorker worker, int since, int offset, Optional<Verdict> said) {
        if (!isHeld(worker, since)) {
            return false;
        }
        assertThat(offset).as("offset that is committed").isEqualTo(committed);
        watch.committed(requests.get(offset), said, store);
        committed = offset + 1;
        return true;
    }

    /** From now on nothing goes wrong, and before long every request has ended. */
    void calmDown() {
        store.be(Mood.UP);
        for (int steps = requests.size() * STEPS_PER_REQUEST; steps > 0 && committed < requests.size(); steps--) {
            for (int i = 0; i < WORKERS; i++) {
                start(i);
                with(i, worker -> {
                    worker.pause(false);
                    notice(worker);
                    worker.learn(cancellations);
                });
                expire();
                step(i, Whim.GO_ON);
            }
        }
        assertThat(committed).as("requests that have ended").isEqualTo(requests.size());
        assertThat(requests)
                .allSatisfy(asked ->
                        assertThat(watch.verdict(asked)).as("end of %s", asked).isPresent());
    }
}
