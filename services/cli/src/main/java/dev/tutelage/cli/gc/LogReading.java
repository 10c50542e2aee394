package dev.tutelage.cli.gc;

import com.google.protobuf.Message;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ArtifactsExpired;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.artifact.DigestTable;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.FactReader;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the facts say that housekeeping must know. There may be as many facts about shards as there are shards; of those no
 * more than digests is kept.
 */
final class LogReading {
    private final Consumer<Digest> named;
    /** Of checkpoints, roles and trainings. */
    private final Ledger ledger = new Ledger();

    private final Map<String, RunEnds> ends = new HashMap<>();
    private final Map<String, Artifact> datasets = new HashMap<>();
    private final Map<Promoted, Instant> promotionTimes = new HashMap<>();
    private final DigestTable expired = new DigestTable();

    private LogReading(Consumer<Digest> named) {
        this.named = named;
    }

    /**
     * Reads everything that is committed now.
     *
     * @param kafka settings with which a Kafka client reaches the broker
     * @param named is told each digest that any fact names, but for those that are said to have expired
     */
    static LogReading of(Map<String, Object> kafka, Consumer<Digest> named) {
        LogReading reading = new LogReading(named);
        Set<Topic> topics = EnumSet.allOf(Topic.class);
        // It names nothing, is never needed, and there may be much of it.
        topics.remove(Topic.RUN_PROGRESS);
        try (FactReader reader = new FactReader(kafka, topics)) {
            reader.readToEnd(
                    placed -> reading.add(placed.fact().payload(), placed.fact().time()));
        }
        return reading;
    }

    private void add(Message fact, Instant said) {
        if (fact instanceof ArtifactsExpired expiration) {
            expiration.getArtifactsList().forEach(artifact -> expired.put(new Digest(artifact.getDigest()), 0));
            return;
        }
        Mentions.in(fact, named);
        if (fact instanceof RunRequested request) {
            endsOf(request.getTask()).requested(request.getRunId(), request.getRetry());
            if (request.getStage() != Stage.STAGE_LABEL) {
                datasets.put(request.getDataset().getDigest(), request.getDataset());
                ledger.add(fact, said);
            }
        } else if (fact instanceof RunChanged run) {
            endsOf(run.getTask()).changed(run, said);
            if (run.getStage() != Stage.STAGE_LABEL) {
                ledger.add(fact, said);
            }
        } else if (fact instanceof SoftLabelsAdded labels) {
            // Compaction keeps one state of a run, which may be one that a late worker said after the end.
            endsOf(labels.getTask()).succeeded(labels.getRunId(), said);
        } else if (!(fact instanceof ShardAdded)) {
            if (fact instanceof CheckpointPublished checkpoint) {
                endsOf(checkpoint.getTask()).succeeded(checkpoint.getRunId(), said);
            } else if (fact instanceof Promoted promoted) {
                promotionTimes.merge(promoted, said, (one, other) -> one.isAfter(other) ? one : other);
            }
            ledger.add(fact, said);
        }
    }

    private RunEnds endsOf(String task) {
        return ends.computeIfAbsent(task, none -> new RunEnds());
    }

    /** The tasks that are declared. They know their checkpoints, promotions, judgements and trainings, but no shards. */
    Collection<TaskLedger> tasks() {
        return ledger.tasks();
    }

    /** The task that a run belongs to. */
    Optional<String> taskOf(String runId) {
        return ends.entrySet().stream()
                .filter(task -> task.getValue().knows(runId))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    boolean hasSucceeded(String runId) {
        return ends.values().stream().anyMatch(runs -> runs.hasSucceeded(runId));
    }

    /** When a run of a task came to its end; empty while it is open. */
    Optional<Instant> end(String task, String runId) {
        return endsOf(task).end(runId);
    }

    /** The manifests of the datasets of all trainings. */
    Collection<Artifact> datasets() {
        return datasets.values();
    }

    /** When a promotion was last said. */
    Optional<Instant> promotionTime(Promoted promoted) {
        return Optional.ofNullable(promotionTimes.get(promoted));
    }

    /** Whether an artifact is said to have expired. */
    boolean isExpired(Digest digest) {
        return expired.contains(digest);
    }
}
