package dev.tutelage.gateway.console;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.gateway.fold.Fold;
import dev.tutelage.platform.log.PlacedFact;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What came to each task, and when: the ledger knows what there is, but mostly not since when. */
@ApplicationScoped
public class History implements Fold {
    private static final OfTask EMPTY = new OfTask();

    private final Map<String, OfTask> tasks = new HashMap<>();

    @Override
    public void add(PlacedFact placed) {
        Message fact = placed.fact().payload();
        Instant time = placed.fact().time();
        if (fact instanceof ShardAdded shard) {
            of(shard.getTask()).add(shard, time);
        } else if (fact instanceof SoftLabelsAdded labels) {
            of(labels.getTask()).add(labels, time);
        } else if (fact instanceof CheckpointPublished checkpoint) {
            of(checkpoint.getTask()).add(checkpoint, time);
        } else if (fact instanceof CandidateJudged judged) {
            of(judged.getTask()).add(judged, time);
        } else if (fact instanceof Promoted promoted) {
            of(promoted.getTask()).add(promoted, time);
        }
    }

    private OfTask of(String task) {
        return tasks.computeIfAbsent(task, none -> new OfTask());
    }

    /** What came to a task; nothing, if it was never heard of. */
    OfTask task(String task) {
        return tasks.getOrDefault(task, EMPTY);
    }

    /** What came to a task, each in the order of its log; what is said twice came once. */
    static final class OfTask {
        private final Set<List<String>> known = new HashSet<>();
        private final List<Timed<ShardAdded>> shards = new ArrayList<>();
        private final List<Timed<SoftLabelsAdded>> softLabels = new ArrayList<>();
        private final List<Timed<CheckpointPublished>> checkpoints = new ArrayList<>();
        private final List<Timed<CandidateJudged>> judgements = new ArrayList<>();
        private final List<Timed<Promoted>> promotions = new ArrayList<>();

        private void add(ShardAdded shard, Instant time) {
            if (known.add(List.of("shard", shard.getShard().getDigest()))) {
                shards.add(new Timed<>(shard, time));
            }
        }

        private void add(SoftLabelsAdded labels, Instant time) {
            if (known.add(List.of("soft labels", labels.getShard(), labels.getTeacher()))) {
                softLabels.add(new Timed<>(labels, time));
            }
        }

        private void add(CheckpointPublished checkpoint, Instant time) {
            if (known.add(List.of("checkpoint", checkpoint.getDigest()))) {
                checkpoints.add(new Timed<>(checkpoint, time));
            }
        }

        private void add(CandidateJudged judged, Instant time) {
            if (known.add(List.of("judgement", judged.getRole().name(), judged.getCheckpoint()))) {
                judgements.add(new Timed<>(judged, time));
            }
        }

        /** A checkpoint may take a role again, but not from itself. */
        private void add(Promoted promoted, Instant time) {
            boolean again = promotions.stream()
                    .filter(earlier -> earlier.fact().getRole() == promoted.getRole())
                    .reduce((one, later) -> later)
                    .filter(latest -> latest.fact().equals(promoted))
                    .isPresent();
            if (!again) {
                promotions.add(new Timed<>(promoted, time));
            }
        }

        List<Timed<ShardAdded>> shards() {
            return Collections.unmodifiableList(shards);
        }

        List<Timed<SoftLabelsAdded>> softLabels() {
            return Collections.unmodifiableList(softLabels);
        }

        List<Timed<CheckpointPublished>> checkpoints() {
            return Collections.unmodifiableList(checkpoints);
        }

        List<Timed<CandidateJudged>> judgements() {
            return Collections.unmodifiableList(judgements);
        }

        List<Timed<Promoted>> promotions() {
            return Collections.unmodifiableList(promotions);
        }
    }
}
