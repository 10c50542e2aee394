package dev.tutelage.platform.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.platform.run.RunLifecycle.Verdict;
import dev.tutelage.platform.run.RunRecords.Attempt;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sees all that happens in a simulated world, and that none of it is what must not be. */
final class Watch {
    private final int maxAttempts;
    private final Map<Asked, Verdict> verdicts = new HashMap<>();
    private final Map<Asked, Set<String>> charged = new HashMap<>();
    private final Map<Asked, Integer> failures = new HashMap<>();
    private final Map<String, Integer> saved = new HashMap<>();
    private final Set<String> takenUpByZombies = new HashSet<>();

    Watch(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    Optional<Verdict> verdict(Asked asked) {
        return Optional.ofNullable(verdicts.get(asked));
    }

    /** A request's offset is committed, with what is said about its end. */
    void committed(Asked asked, Optional<Verdict> said, SimulatedStore store) {
        said.ifPresent(verdict -> {
            assertThat(verdicts).as("ends that were said before").doesNotContainKey(asked);
            verdicts.put(asked, verdict);
        });
        assertThat(verdicts).as("ends of requests whose offset is committed").containsKey(asked);
        if (verdicts.get(asked) == Verdict.SUCCEEDED && said.isPresent()) {
            assertThat(store.hasResult(asked))
                    .as("the result of %s is stored before it is said", asked)
                    .isTrue();
        }
    }

    void noted(String run, boolean byHolder) {
        if (!byHolder) {
            takenUpByZombies.add(run);
        }
    }

    /** A training begins after {@code step} steps. */
    void begun(Asked asked, Attempt attempt, int step, boolean byHolder) {
        if (!takenUpByZombies.contains(asked.run())) {
            assertThat(step)
                    .as("step at which %s begins", asked)
                    .isGreaterThanOrEqualTo(saved.getOrDefault(asked.run(), 0));
        }
        if (byHolder) {
            Set<String> attempts = charged.computeIfAbsent(asked, none -> new HashSet<>());
            attempts.add(attempt.name());
            assertThat(attempts).as("attempts at %s", asked).hasSizeLessThanOrEqualTo(maxAttempts);
        }
    }

    void excused(Asked asked, Attempt attempt) {
        charged.getOrDefault(asked, new HashSet<>()).remove(attempt.name());
    }

    void failed(Asked asked, boolean byHolder) {
        if (byHolder) {
            assertThat(failures.merge(asked, 1, Integer::sum))
                    .as("failures of %s", asked)
                    .isLessThanOrEqualTo(maxAttempts);
        }
    }

    void saved(String run, int step, boolean byHolder) {
        if (byHolder) {
            saved.put(run, step);
        }
    }
}
