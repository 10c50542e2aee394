package dev.tutelage.gateway.queue;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.gateway.history.TaskHistory;
import dev.tutelage.platform.ledger.TaskLedger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the scores of a shard's images are computed from; the same source gives the same scores.
 *
 * @param shard that holds the images
 * @param teacher digest of the newest teacher that has labeled it
 * @param newest soft labels of that teacher
 * @param before soft labels of the newest other teacher that has labeled it
 */
record Source(Artifact shard, String teacher, Artifact newest, Optional<Artifact> before) {

    /**
     * The source of a shard, if its images may be labeled: it is known, has neither labels nor is it held out, and neither it nor
     * its soft labels are removed by housekeeping.
     *
     * @param last what was said last of the shard's soft labels
     */
    static Optional<Source> of(TaskLedger task, TaskHistory history, SoftLabelsAdded last) {
        List<SoftLabelsAdded> labels = newestFirst(task, last);
        return history.shards()
                .get(last.getShard())
                .map(Said::fact)
                .filter(Source::mayBeLabeled)
                .map(ShardAdded::getShard)
                .filter(shard -> !task.isExpired(shard.getDigest()))
                .filter(shard -> !labels.isEmpty())
                .map(shard -> new Source(
                        shard,
                        labels.get(0).getTeacher(),
                        labels.get(0).getLogits(),
                        labels.stream().skip(1).map(SoftLabelsAdded::getLogits).findFirst()));
    }

    private static boolean mayBeLabeled(ShardAdded shard) {
        return !shard.getLabeled() && shard.getSplit() != Split.SPLIT_HELD_OUT;
    }

    /** By the order in which teachers were promoted; one that never was is taken for the newest if it spoke last. */
    private static List<SoftLabelsAdded> newestFirst(TaskLedger task, SoftLabelsAdded last) {
        List<String> promoted = new ArrayList<>(task.promotions(Role.ROLE_TEACHER).stream()
                .map(Promoted::getCheckpoint)
                .toList());
        Collections.reverse(promoted);
        Set<String> teachers = new LinkedHashSet<>();
        if (!promoted.contains(last.getTeacher())) {
            teachers.add(last.getTeacher());
        }
        teachers.addAll(promoted);
        return teachers.stream()
                .map(teacher -> teacher.equals(last.getTeacher())
                        ? Optional.of(last)
                        : task.softLabels(last.getShard(), teacher))
                .flatMap(Optional::stream)
                .filter(labels -> labels.getImages() > 0
                        && !task.isExpired(labels.getLogits().getDigest()))
                .limit(2)
                .toList();
    }
}
