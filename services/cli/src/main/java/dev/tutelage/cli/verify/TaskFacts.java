package dev.tutelage.cli.verify;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.ArtifactsExpired;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.artifact.DigestTable;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.log.Place;
import dev.tutelage.platform.trigger.Relabeling;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the topics say about one task's soft labels. Unlike the ledger of the triggers it forgets no repetition, for
 * repetitions are looked for.
 */
final class TaskFacts {
    private Optional<TaskDeclared> declaration = Optional.empty();
    private final Ledger ledger = new Ledger();
    private final Map<String, Said<ShardAdded>> shards = new LinkedHashMap<>();
    private final Set<String> checkpoints = new HashSet<>();
    private final Map<String, LabelRun> runs = new LinkedHashMap<>();
    private final Map<Labeled, List<Said<SoftLabelsAdded>>> labels = new LinkedHashMap<>();
    private final DigestTable expired = new DigestTable();

    /** The task that a fact is about; empty if the fact says nothing about soft labels. */
    static Optional<String> taskOf(Message fact) {
        if (fact instanceof TaskDeclared declared) {
            return Optional.of(declared.getTask());
        } else if (fact instanceof ShardAdded shard) {
            return Optional.of(shard.getTask());
        } else if (fact instanceof CheckpointPublished checkpoint) {
            return Optional.of(checkpoint.getTask());
        } else if (fact instanceof Promoted promoted) {
            return Optional.of(promoted.getTask()).filter(task -> promoted.getRole() == Role.ROLE_TEACHER);
        } else if (fact instanceof RunRequested requested) {
            return Optional.of(requested.getTask()).filter(task -> requested.getStage() == Stage.STAGE_LABEL);
        } else if (fact instanceof RunChanged changed) {
            return Optional.of(changed.getTask()).filter(task -> changed.getStage() == Stage.STAGE_LABEL);
        } else if (fact instanceof SoftLabelsAdded softLabels) {
            return Optional.of(softLabels.getTask());
        } else if (fact instanceof ArtifactsExpired expiration) {
            return Optional.of(expiration.getTask());
        } else if (fact instanceof DeadLettered letter) {
            return Optional.of(letter.getTask())
                    .filter(task -> !letter.getRunId().isEmpty()
                            && LabelTopics.REQUESTS.stream()
                                    .anyMatch(topic -> letter.getSourceTopic().equals(topic.topicName())));
        }
        return Optional.empty();
    }

    void add(Message fact, Instant time, Place place) {
        ledger.add(fact, time);
        if (fact instanceof TaskDeclared declared) {
            declaration = Optional.of(declared);
        } else if (fact instanceof ShardAdded shard) {
            shards.putIfAbsent(shard.getShard().getDigest(), new Said<>(shard, place));
        } else if (fact instanceof CheckpointPublished checkpoint) {
            checkpoints.add(checkpoint.getDigest());
        } else if (fact instanceof RunRequested requested) {
            ofId(requested.getRunId()).add(requested, place);
        } else if (fact instanceof RunChanged changed) {
            ofId(changed.getRunId()).add(changed);
        } else if (fact instanceof SoftLabelsAdded softLabels) {
            labels.computeIfAbsent(Labeled.by(softLabels), none -> new ArrayList<>())
                    .add(new Said<>(softLabels, place));
        } else if (fact instanceof ArtifactsExpired expiration) {
            expiration.getArtifactsList().forEach(artifact -> expired.put(new Digest(artifact.getDigest()), 0));
        } else if (fact instanceof DeadLettered letter) {
            ofId(letter.getRunId()).add(letter, place);
        }
    }

    private LabelRun ofId(String runId) {
        return runs.computeIfAbsent(runId, LabelRun::new);
    }

    Optional<TaskDeclared> declaration() {
        return declaration;
    }

    Optional<Said<ShardAdded>> shard(String digest) {
        return Optional.ofNullable(shards.get(digest));
    }

    boolean hasCheckpoint(String digest) {
        return checkpoints.contains(digest);
    }

    /** A run that was requested. */
    Optional<LabelRun> run(String runId) {
        return Optional.ofNullable(runs.get(runId)).filter(run -> run.labels().isPresent());
    }

    /** The label runs that were requested. */
    List<LabelRun> runs() {
        return runs.values().stream().filter(run -> run.labels().isPresent()).toList();
    }

    /** All soft-label facts, by what they label; each list has one if all is well. */
    Map<Labeled, List<Said<SoftLabelsAdded>>> labels() {
        return labels;
    }

    /** Whether it is said that the file of these labels is removed, as the task's retention says. */
    boolean isExpired(SoftLabelsAdded softLabels) {
        return expired.contains(new Digest(softLabels.getLogits().getDigest()));
    }

    /**
     * All that must be labeled: what was requested, and what the labeler's trigger asks the teacher of the day for, which
     * is what the task's relabel policy says.
     */
    Collection<Labeled> due() {
        Set<Labeled> due = new LinkedHashSet<>();
        runs().forEach(run -> due.add(run.labels().orElseThrow()));
        ledger.tasks().forEach(task -> task.holder(Role.ROLE_TEACHER).ifPresent(teacher -> {
            for (ShardAdded shard : Relabeling.by(teacher, task).shards(task)) {
                due.add(new Labeled(shard.getShard().getDigest(), teacher.getCheckpoint()));
            }
        }));
        return due;
    }
}
