package dev.tutelage.cli.gc;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.artifact.DigestTable;
import dev.tutelage.platform.ledger.TaskLedger;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What no retention touches. Reachable from a promotion is the checkpoint itself, what it was made from (parents and starts,
 * back to the first), and all that the datasets of these name: shards, held-out shards and soft labels. The same holds for
 * what a training is to use that is not at its end, and for checkpoints that the gate or a person has yet to judge.
 */
final class Reachable {
    private static final List<Role> ROLES = List.of(Role.ROLE_TEACHER, Role.ROLE_STUDENT);

    private final Manifests manifests;
    private final DigestTable artifacts = new DigestTable();
    private final Set<String> checkpoints = new HashSet<>();
    private final Set<String> datasets = new HashSet<>();

    Reachable(Manifests manifests) {
        this.manifests = manifests;
    }

    /**
     * Finds what is reachable of a task.
     *
     * @throws IOException if a manifest cannot be read, so that it is not known what is
     */
    void add(TaskLedger task) throws IOException {
        for (Role role : ROLES) {
            for (Promoted promoted : task.promotions(role)) {
                add(task, promoted.getCheckpoint());
            }
        }
        for (CheckpointPublished checkpoint : task.checkpoints()) {
            if (!Settled.isSettled(task, checkpoint)) {
                add(task, checkpoint.getDigest());
            }
        }
        for (Stage stage : Stage.values()) {
            for (RunRequested request : task.requests(stage)) {
                if (task.isOpen(request.getRunId())) {
                    add(task, request);
                }
            }
        }
    }

    private void add(TaskLedger task, RunRequested request) throws IOException {
        add(task, request.getParent());
        add(task, request.getStart());
        Mentions.in(request, this::keep);
        addDataset(request.getDataset().getDigest());
    }

    /** Adds a checkpoint, whatever it was made from, and their datasets. */
    private void add(TaskLedger task, String digest) throws IOException {
        Optional<CheckpointPublished> found = task.checkpoint(digest);
        if (found.isEmpty() || !checkpoints.add(digest)) {
            return;
        }
        CheckpointPublished checkpoint = found.get();
        Mentions.in(checkpoint, this::keep);
        addDataset(checkpoint.getDataset());
        add(task, checkpoint.getParent());
        add(task, checkpoint.getStart());
    }

    private void addDataset(String digest) throws IOException {
        Artifact manifest =
                Artifact.newBuilder().setDigest(digest).setName("dataset.json").build();
        // What was imported was trained on nobody knows what.
        if (!digest.isEmpty() && datasets.add(digest) && !manifests.read(manifest, this::keep)) {
            throw new IOException("The dataset manifest " + digest + " is not in the store, though a promotion or a"
                    + " training depends on it. Restore it from a backup: until then it is not known what else they"
                    + " need, and nothing that a retention may remove is removed");
        }
    }

    private void keep(Digest artifact) {
        artifacts.put(artifact, 0);
    }

    /** Adds the files of a checkpoint that is kept, and of what it was made from, for whoever may promote it later. */
    void keep(TaskLedger task, CheckpointPublished checkpoint) {
        Optional<CheckpointPublished> kept = Optional.of(checkpoint);
        while (kept.isPresent()) {
            checkpoints.add(kept.get().getDigest());
            Mentions.in(kept.get(), this::keep);
            task.checkpoint(kept.get().getStart()).ifPresent(start -> {
                checkpoints.add(start.getDigest());
                Mentions.in(start, this::keep);
            });
            kept = task.checkpoint(kept.get().getParent());
        }
    }

    /** Whether a checkpoint is reachable. */
    boolean hasCheckpoint(String digest) {
        return checkpoints.contains(digest);
    }

    /** Whether an artifact is reachable. */
    boolean has(Digest artifact) {
        return artifacts.contains(artifact);
    }
}
