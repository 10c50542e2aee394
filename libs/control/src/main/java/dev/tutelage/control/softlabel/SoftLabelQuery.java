package dev.tutelage.control.softlabel;

import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.platform.ledger.TaskLedger;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which soft labels are wanted.
 *
 * @param teacher beginning of the digest of the teacher; empty: the one that holds the role
 * @param minConfidence of the likeliest class, 0 to 1
 * @param likeliest name of the likeliest class; empty: any
 */
public record SoftLabelQuery(Optional<String> teacher, double minConfidence, Optional<String> likeliest) {

    /** @throws IllegalArgumentException if the confidence is not between 0 and 1 */
    public SoftLabelQuery {
        if (!(minConfidence >= 0 && minConfidence <= 1)) {
            throw new IllegalArgumentException("The least confidence is " + minConfidence + ": it is between 0 and 1");
        }
    }

    /**
     * What that teacher has said of the task's unlabeled shards, in the order in which these came; soft labels that have expired are
     * left out.
     *
     * @throws IllegalArgumentException if there is no such teacher; the message says which there are
     */
    public List<SoftLabelsAdded> facts(TaskLedger task) {
        String digest = teacherOf(task);
        return task.unlabeled().stream()
                .map(shard -> task.softLabels(shard.getShard().getDigest(), digest))
                .flatMap(Optional::stream)
                .filter(labels -> !task.isExpired(labels.getLogits().getDigest()))
                .toList();
    }

    /** @throws IllegalArgumentException if the task has no such class; the message says which it has */
    void requireClass(TaskLedger task) {
        List<String> classes = task.declaration().getClassesList();
        if (likeliest.filter(name -> !classes.contains(name)).isPresent()) {
            throw new IllegalArgumentException("Task '" + task.name() + "' has no class '" + likeliest.get()
                    + "'. It has: " + String.join(", ", classes));
        }
    }

    /** Whether an image's soft label is wanted. */
    public boolean wants(SoftLabel label, List<String> classes) {
        return label.confidence() >= minConfidence
                && likeliest
                        .filter(name -> !classes.get(label.likeliest()).equals(name))
                        .isEmpty();
    }

    private String teacherOf(TaskLedger task) {
        TreeSet<String> teachers = new TreeSet<>();
        for (ShardAdded shard : task.unlabeled()) {
            task.checkpoints().stream()
                    .filter(each -> task.softLabels(shard.getShard().getDigest(), each.getDigest())
                            .isPresent())
                    .forEach(each -> teachers.add(each.getDigest()));
        }
        String wanted = teacher.or(() -> task.holder(Role.ROLE_TEACHER).map(promoted -> promoted.getCheckpoint()))
                .orElseThrow(() -> new IllegalArgumentException("Task '" + task.name()
                        + "' has no teacher yet. Name one of those that have labeled: " + shown(teachers)));
        List<String> found = teachers.stream()
                .filter(digest -> !wanted.isEmpty() && digest.startsWith(wanted))
                .toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(
                    found.isEmpty()
                            ? "Teacher " + wanted + " has labeled nothing of task '" + task.name() + "'. These have: "
                                    + shown(teachers)
                            : "Teacher " + wanted + " is ambiguous: " + shown(teachers));
        }
        return found.get(0);
    }

    private static String shown(TreeSet<String> teachers) {
        return teachers.isEmpty() ? "none" : String.join(", ", teachers);
    }
}
