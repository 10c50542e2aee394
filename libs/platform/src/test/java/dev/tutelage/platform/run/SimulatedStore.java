package dev.tutelage.platform.run;

import dev.tutelage.platform.run.RunLifecycle.Verdict;
import dev.tutelage.platform.run.RunRecords.Attempt;
import dev.tutelage.platform.run.RunRecords.History;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The object store of a simulated world: what {@link RunRecords} and {@link SnapshotStore} keep, and results. */
final class SimulatedStore {
    private final Map<Asked, Set<String>> attempts = new HashMap<>();
    private final Map<Asked, Set<String>> excused = new HashMap<>();
    private final Map<Asked, StoredEnd> successes = new HashMap<>();
    private final Map<Asked, StoredEnd> otherEnds = new HashMap<>();
    private final Map<String, List<Snapshot>> snapshots = new HashMap<>();
    private final Set<String> results = new HashSet<>();
    private Mood mood = Mood.UP;

    /** How the store is to everyone. */
    enum Mood {
        UP,
        DOWN,
        /** What is asked for is done, but the answer is lost. */
        DEAF
    }

    /** An end as it is stored: for the request at which offset. */
    record StoredEnd(Verdict verdict, int offset) {}

    private record Snapshot(long sequence, int step) {}

    /** The store did not answer. */
    static final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    void be(Mood next) {
        mood = next;
    }

    private void change(Runnable write) {
        if (mood != Mood.DOWN) {
            write.run();
        }
        requireUp();
    }

    private void requireUp() {
        if (mood != Mood.UP) {
            throw new Unanswered();
        }
    }

    History history(Asked asked) {
        requireUp();
        int ofAll = attempts.entrySet().stream()
                .filter(each -> each.getKey().run().equals(asked.run()))
                .mapToInt(each -> each.getValue().size())
                .sum();
        return new History(
                successes.containsKey(asked) || otherEnds.containsKey(asked),
                attempts.getOrDefault(asked, Set.of()).size(),
                excused.getOrDefault(asked, Set.of()).size(),
                ofAll);
    }

    Optional<StoredEnd> end(Asked asked) {
        requireUp();
        return Optional.ofNullable(successes.get(asked)).or(() -> Optional.ofNullable(otherEnds.get(asked)));
    }

    Attempt beginAttempt(Asked asked, String worker, History before) {
        String name = (before.attempts() + 1) + "-" + worker;
        change(() -> attempts.computeIfAbsent(asked, none -> new HashSet<>()).add(name));
        return new Attempt(before.attempts() + 1, before.ofAllRequests() + 1, name);
    }

    void excuse(Asked asked, Attempt attempt) {
        change(() -> excused.computeIfAbsent(asked, none -> new HashSet<>()).add(attempt.name()));
    }

    boolean isExcused(Asked asked, Attempt attempt) {
        return excused.getOrDefault(asked, Set.of()).contains(attempt.name());
    }

    void save(Asked asked, StoredEnd end) {
        change(() -> (end.verdict() == Verdict.SUCCEEDED ? successes : otherEnds).put(asked, end));
    }

    void saveResult(String run) {
        change(() -> results.add(run));
    }

    void saveSnapshot(String run, int attempt, int step) {
        change(() -> {
            List<Snapshot> there = snapshots.computeIfAbsent(run, none -> new ArrayList<>());
            long sequence = SnapshotStore.nextSequence(attempt, there.stream().mapToLong(Snapshot::sequence));
            there.add(new Snapshot(sequence, step));
        });
    }

    /** The step that the newest snapshot was taken after. */
    int newestStep(String run) {
        requireUp();
        return snapshots.getOrDefault(run, List.of()).stream()
                .max(Comparator.comparingLong(Snapshot::sequence))
                .map(Snapshot::step)
                .orElse(0);
    }

    /** Whether whoever reads that the run has succeeded finds its result. */
    boolean hasResult(Asked asked) {
        return results.contains(asked.run()) && successes.containsKey(asked);
    }
}
