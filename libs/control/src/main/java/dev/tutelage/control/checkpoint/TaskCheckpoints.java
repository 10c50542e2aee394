package dev.tutelage.control.checkpoint;

import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.platform.ledger.TaskLedger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The checkpoints of a task as people name them: by the beginning of a digest. */
public record TaskCheckpoints(TaskLedger task) {
    /** The stages that make classifiers. */
    public static final Set<Stage> CLASSIFIERS =
            Set.of(Stage.STAGE_FINE_TUNE, Stage.STAGE_SUPERVISED, Stage.STAGE_SELF_DISTILL, Stage.STAGE_DISTILL);

    /** Digits of a digest that tell checkpoints apart for people. */
    private static final int SHORT = 12;

    /**
     * The checkpoint whose digest begins so.
     *
     * @throws IllegalArgumentException if there is none or more than one, or its files were removed; the message says what
     *     there is
     */
    public CheckpointPublished find(String prefix) {
        List<CheckpointPublished> found = task.checkpoints().stream()
                .filter(checkpoint ->
                        !prefix.isEmpty() && checkpoint.getDigest().startsWith(prefix))
                .toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(
                    found.isEmpty()
                            ? "Task '" + task.name() + "' has no checkpoint " + prefix + ". It has: "
                                    + shown(task.checkpoints())
                            : "Checkpoint " + prefix + " is ambiguous. Give more digits: " + shown(found));
        }
        String digest = found.get(0).getDigest();
        if (task.isExpired(digest)) {
            throw new IllegalArgumentException("The files of checkpoint " + digest
                    + " were removed, as the task's retention says. What is left: " + shown(task.checkpoints()));
        }
        return found.get(0);
    }

    /**
     * The classifier whose digest begins so.
     *
     * @throws IllegalArgumentException as {@link #find} does, or if it is no classifier
     */
    public CheckpointPublished classifier(String prefix) {
        CheckpointPublished found = find(prefix);
        if (!isClassifier(found)) {
            throw new IllegalArgumentException("Checkpoint " + found.getDigest() + " of task '" + task.name()
                    + "' is no classifier. Those that are: " + shown(classifiers()));
        }
        return found;
    }

    /** All classifiers whose files are kept. */
    public List<CheckpointPublished> classifiers() {
        return task.checkpoints().stream()
                .filter(checkpoint -> isClassifier(checkpoint) && !task.isExpired(checkpoint.getDigest()))
                .toList();
    }

    /** Digests of the checkpoints that were the student, each once, the one that was it last first. */
    public List<String> students() {
        List<Promoted> promotions = task.promotions(Role.ROLE_STUDENT);
        Set<String> students = new LinkedHashSet<>();
        for (int i = promotions.size() - 1; i >= 0; i--) {
            students.add(promotions.get(i).getCheckpoint());
        }
        return new ArrayList<>(students);
    }

    /** Digest of the checkpoint that is the student. */
    public Optional<String> student() {
        return task.holder(Role.ROLE_STUDENT).map(Promoted::getCheckpoint);
    }

    /** Whether it can predict: it is of such a stage, and has a model. */
    public static boolean isClassifier(CheckpointPublished checkpoint) {
        return CLASSIFIERS.contains(checkpoint.getStage())
                && checkpoint.getFilesList().stream()
                        .anyMatch(file -> file.getName().equals(Checkpoint.ONNX));
    }

    private String shown(List<CheckpointPublished> checkpoints) {
        String shown = checkpoints.stream()
                .map(CheckpointPublished::getDigest)
                .filter(digest -> !task.isExpired(digest))
                .map(digest -> digest.substring(0, Math.min(SHORT, digest.length())))
                .collect(Collectors.joining(", "));
        return shown.isEmpty() ? "none" : shown;
    }
}
