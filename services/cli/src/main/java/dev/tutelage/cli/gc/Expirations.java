package dev.tutelage.cli.gc;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ArtifactsExpired;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.ExpirationKind;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.NotPublishedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Removes what has expired though facts name it. It is said first, so whoever does not find it knows why; if this ends
 * between the two, the next time finds it said and removes it.
 */
final class Expirations {
    /** Artifacts of one fact, which is far smaller than a record may be. */
    private static final int CHUNK = 1_000;

    private final LogReading log;
    private final Reachable reachable;
    private final Inventory inventory;
    private final Removal removal;
    private final FactLog facts;

    Expirations(LogReading log, Reachable reachable, Inventory inventory, Removal removal, FactLog facts) {
        this.log = log;
        this.reachable = reachable;
        this.inventory = inventory;
        this.removal = removal;
        this.facts = facts;
    }

    /** Lets a task's superseded checkpoints expire. */
    void checkpoints(TaskLedger task) throws NotPublishedException {
        for (CheckpointPublished checkpoint : Expiry.superseded(task, reachable)) {
            List<Artifact> files =
                    checkpoint.getFilesList().stream().filter(this::isLeft).toList();
            ArtifactsExpired fact = ArtifactsExpired.newBuilder()
                    .setTask(task.name())
                    .setKind(ExpirationKind.EXPIRATION_KIND_CHECKPOINT_SUPERSEDED)
                    .setCheckpoint(checkpoint.getDigest())
                    .setReason(Expiry.reason(task, checkpoint))
                    .build();
            expire(fact, files, Kind.CHECKPOINTS);
        }
    }

    /** Whether it is in the store, old enough, and needed by nothing that is kept. */
    private boolean isLeft(Artifact artifact) {
        Digest digest = new Digest(artifact.getDigest());
        return inventory.has(digest) && !reachable.has(digest);
    }

    /**
     * Lets soft labels of earlier teachers expire. Reads them once more, for there may be too many to remember.
     *
     * @param kafka settings with which a Kafka client reaches the broker
     * @param tasks of which soft labels may expire
     */
    void softLabels(Map<String, Object> kafka, List<TaskLedger> tasks, Instant now) throws NotPublishedException {
        Map<Teacher, Pending> lost = new HashMap<>();
        for (TaskLedger task : tasks) {
            Expiry.lostTeachers(task, now, log)
                    .forEach((teacher, since) -> lost.put(
                            new Teacher(task.name(), teacher),
                            new Pending(fact(task, teacher, since), new ArrayList<>())));
        }
        if (lost.isEmpty()) {
            return;
        }
        try (FactReader reader = new FactReader(kafka, List.of(Topic.SOFT_LABELS))) {
            reader.readToEnd(placed -> note((SoftLabelsAdded) placed.fact().payload(), lost));
        }
        for (Pending pending : lost.values()) {
            expire(pending);
        }
    }

    private record Teacher(String task, String digest) {}

    private record Pending(ArtifactsExpired fact, List<Artifact> files) {}

    private void note(SoftLabelsAdded labels, Map<Teacher, Pending> lost) throws NotPublishedException {
        Optional<Pending> pending = Optional.ofNullable(lost.get(new Teacher(labels.getTask(), labels.getTeacher())))
                .filter(known -> isLeft(labels.getLogits()));
        if (pending.isPresent()) {
            pending.get().files().add(labels.getLogits());
            if (pending.get().files().size() == CHUNK) {
                expire(pending.get());
            }
        }
    }

    private void expire(Pending pending) throws NotPublishedException {
        expire(pending.fact(), pending.files(), Kind.SOFT_LABELS);
        pending.files().clear();
    }

    private static ArtifactsExpired fact(TaskLedger task, String teacher, Instant since) {
        return ArtifactsExpired.newBuilder()
                .setTask(task.name())
                .setKind(ExpirationKind.EXPIRATION_KIND_TEACHER_LOST_ROLE)
                .setCheckpoint(teacher)
                .setReason(Expiry.reason(task, since))
                .build();
    }

    private void expire(ArtifactsExpired fact, List<Artifact> files, Kind kind) throws NotPublishedException {
        List<Artifact> unsaid = files.stream()
                .filter(file -> !log.isExpired(new Digest(file.getDigest())))
                .toList();
        if (removal.deletes() && !unsaid.isEmpty()) {
            facts.publish(List.of(fact.toBuilder().addAllArtifacts(unsaid).build()));
        }
        for (Artifact file : files) {
            removal.remove(kind, ArtifactStore.objectName(new Digest(file.getDigest())), file.getSize());
        }
    }
}
