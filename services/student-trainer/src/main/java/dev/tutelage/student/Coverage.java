package dev.tutelage.student;

import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.trigger.Relabeling;
import dev.tutelage.stages.EarlierTeachers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How far a teacher has come with the shards that it labels: the longest run of them, in the order of the log, that it has
 * dealt with, labeled them or found them unusable. Where the task selects by agreement, the earlier teachers that are asked
 * must have dealt with them too.
 *
 * <p>Looked at again, it goes on from where it was. Not thread-safe.
 */
final class Coverage {
    private final String teacher;
    private final List<String> earlier;
    private final int first;
    private int dealtWith;
    private long images;
    private int labeledShards;
    private long softLabels;

    private Coverage(String teacher, List<String> earlier, int first) {
        this.teacher = teacher;
        this.earlier = List.copyOf(earlier);
        this.first = first;
    }

    static Coverage of(Promoted teacher, TaskLedger task) {
        return new Coverage(
                teacher.getCheckpoint(),
                EarlierTeachers.askedBeside(task, teacher.getCheckpoint()),
                Relabeling.by(teacher, task).first());
    }

    /** Whether it is about the same teachers and shards. */
    boolean isLike(Coverage other) {
        return teacher.equals(other.teacher) && earlier.equals(other.earlier) && first == other.first;
    }

    /** Takes note of what has been dealt with meanwhile. */
    void goOn(TaskLedger task) {
        List<ShardAdded> shards = shards(task);
        while (dealtWith < shards.size() && isDealtWith(task, shards.get(dealtWith))) {
            ShardAdded shard = shards.get(dealtWith++);
            images += shard.getImages();
            labels(task, shard).ifPresent(labels -> {
                labeledShards++;
                softLabels += labels.getImages();
            });
        }
    }

    /** All shards that the teacher labels. */
    private List<ShardAdded> shards(TaskLedger task) {
        return task.unlabeled().subList(first, task.unlabeled().size());
    }

    private boolean isDealtWith(TaskLedger task, ShardAdded shard) {
        String digest = shard.getShard().getDigest();
        if (labels(task, shard).isEmpty()) {
            // What the teacher found unusable, nobody else is asked about.
            return task.isLabelingFailed(digest, teacher);
        }
        return earlier.stream()
                .allMatch(each -> task.softLabels(digest, each).isPresent() || task.isLabelingFailed(digest, each));
    }

    private Optional<SoftLabelsAdded> labels(TaskLedger task, ShardAdded shard) {
        return task.softLabels(shard.getShard().getDigest(), teacher);
    }

    /** Images of the run, those of unusable shards too. */
    long images() {
        return images;
    }

    /** Shards of the run that have soft labels. */
    int labeledShards() {
        return labeledShards;
    }

    /** Images of the run that have soft labels. */
    long softLabels() {
        return softLabels;
    }

    /** Whether it reaches to some place in the task's unlabeled shards. */
    boolean reaches(int place) {
        return first + dealtWith >= place;
    }

    /** Shards of the run that have soft labels, in the order of the log. */
    List<ShardAdded> labeled(TaskLedger task) {
        return shards(task).subList(0, dealtWith).stream()
                .filter(shard -> labels(task, shard)
                        .filter(labels -> isKept(task, labels))
                        .isPresent())
                .toList();
    }

    /** The teacher's soft labels of these shards. */
    List<SoftLabelsAdded> labels(TaskLedger task, List<ShardAdded> shards) {
        return labels(task, shards, teacher);
    }

    /** What the earlier teachers that are asked say of these shards, one teacher after the other. */
    List<SoftLabelsAdded> earlierLabels(TaskLedger task, List<ShardAdded> shards) {
        List<SoftLabelsAdded> labels = new ArrayList<>();
        earlier.forEach(each -> labels.addAll(labels(task, shards, each)));
        return labels;
    }

    private static List<SoftLabelsAdded> labels(TaskLedger task, List<ShardAdded> shards, String teacher) {
        return shards.stream()
                .flatMap(shard -> task.softLabels(shard.getShard().getDigest(), teacher).stream())
                .filter(labels -> isKept(task, labels))
                .toList();
    }

    /** A teacher that has its role again may have labels that are removed; it does not label twice. */
    private static boolean isKept(TaskLedger task, SoftLabelsAdded labels) {
        return !task.isExpired(labels.getLogits().getDigest());
    }
}
