package dev.tutelage.platform.ledger;

import com.google.protobuf.Message;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.ArtifactsExpired;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.TaskPaused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the facts on Kafka add up to. A fold: it has no state but the facts it was told, and being told one twice changes
 * nothing. Not thread-safe.
 */
public final class Ledger {
    private final Map<String, TaskLedger> tasks = new LinkedHashMap<>();
    private final Map<String, List<Said>> undeclared = new LinkedHashMap<>();

    private record Said(Message fact, Instant time) {}

    /** Adds a fact for someone to whom it does not matter when it was said. */
    public void add(Message fact) {
        add(fact, Instant.EPOCH);
    }

    /**
     * Adds a fact. Facts of kinds that nothing is decided on are ignored.
     *
     * @param said when it was said: what tells old shards from new ones
     */
    public void add(Message fact, Instant said) {
        if (fact instanceof TaskDeclared declared) {
            declare(declared, said);
        } else {
            taskOf(fact).ifPresent(task -> Optional.ofNullable(tasks.get(task))
                    .ifPresentOrElse(
                            ledger -> ledger.add(fact, said),
                            // Topics are read side by side: what belongs to a task may be read before its declaration.
                            () -> undeclared
                                    .computeIfAbsent(task, none -> new ArrayList<>())
                                    .add(new Said(fact, said))));
        }
    }

    private void declare(TaskDeclared declared, Instant time) {
        String task = declared.getTask();
        TaskLedger ledger = tasks.computeIfAbsent(task, none -> new TaskLedger(declared));
        ledger.redeclare(declared, time);
        Optional.ofNullable(undeclared.remove(task))
                .ifPresent(waiting -> waiting.forEach(said -> ledger.add(said.fact(), said.time())));
    }

    private static Optional<String> taskOf(Message fact) {
        if (fact instanceof ShardAdded shard) {
            return Optional.of(shard.getTask());
        } else if (fact instanceof RunChanged run) {
            return Optional.of(run.getTask());
        } else if (fact instanceof CheckpointPublished checkpoint) {
            return Optional.of(checkpoint.getTask());
        } else if (fact instanceof SoftLabelsAdded softLabels) {
            return Optional.of(softLabels.getTask());
        } else if (fact instanceof Promoted promoted) {
            return Optional.of(promoted.getTask());
        } else if (fact instanceof DriftDetected drift) {
            return Optional.of(drift.getTask());
        } else if (fact instanceof RunRequested request) {
            return Optional.of(request.getTask());
        } else if (fact instanceof CancellationRequested cancellation) {
            return Optional.of(cancellation.getTask());
        } else if (fact instanceof TaskPaused pause) {
            return Optional.of(pause.getTask());
        } else if (fact instanceof CandidateJudged judged) {
            return Optional.of(judged.getTask());
        } else if (fact instanceof ArtifactsExpired expiration) {
            return Optional.of(expiration.getTask());
        }
        return Optional.empty();
    }

    /** The declared tasks, in the order of their declaration. */
    public Collection<TaskLedger> tasks() {
        return tasks.values();
    }

    /**
     * How many runs were asked for on a topic of requests, or its backlog, and are not at their end: the work that there is for
     * its workers, whether one has begun with it or not.
     */
    public long openRuns(Topic requests) {
        return Arrays.stream(Stage.values())
                .filter(stage -> stage != Stage.STAGE_UNSPECIFIED && stage != Stage.UNRECOGNIZED)
                .filter(stage -> Topic.requestsOf(stage, false) == requests)
                .mapToLong(stage -> tasks.values().stream()
                        .mapToLong(task -> task.openRuns(stage))
                        .sum())
                .sum();
    }

    public Optional<TaskLedger> task(String name) {
        return Optional.ofNullable(tasks.get(name));
    }
}
