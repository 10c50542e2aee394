package dev.tutelage.platform.trigger;

import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Relabel;
import dev.tutelage.event.v1.RelabelKind;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.platform.ledger.TaskLedger;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which shards a teacher labels: those that come after its promotion, and of those that were there before, the backlog,
 * as many as the task's policy says. They are always the last of the log, in places {@code first} to the end, and live
 * from place {@code live} on; both follow from facts alone, so every trigger finds the same.
 *
 * <p>A teacher that gets the role again, by a rollback, goes on from where it began the first time: what came while others
 * had the role is backlog then, and live is what comes after it got the role back.
 *
 * @param first place in the task's unlabeled shards
 * @param live place in the task's unlabeled shards, {@code first} or later
 */
public record Relabeling(int first, int live) {

    /** What a teacher labels. */
    public static Relabeling by(Promoted teacher, TaskLedger task) {
        boolean holds = task.holder(Role.ROLE_TEACHER)
                .filter(holder -> holder.getCheckpoint().equals(teacher.getCheckpoint()))
                .isPresent();
        Optional<Instant> firstTime = task.promotionTime(Role.ROLE_TEACHER, teacher.getCheckpoint());
        int began = firstSaidAfter(firstTime.orElse(Instant.MAX), task);
        int live = holds ? firstSaidAfter(task.holderSince(Role.ROLE_TEACHER).orElse(Instant.MAX), task) : began;
        return new Relabeling(first(firstPromotion(teacher, task), began, task), live);
    }

    private static Promoted firstPromotion(Promoted teacher, TaskLedger task) {
        return task.promotions(Role.ROLE_TEACHER).stream()
                .filter(promoted -> promoted.getCheckpoint().equals(teacher.getCheckpoint()))
                .findFirst()
                .orElse(teacher);
    }

    private static int first(Promoted teacher, int began, TaskLedger task) {
        if (teacher.getPrevious().isEmpty()) {
            return 0;
        }
        Relabel policy = task.declaration().getPolicies().getRelabel();
        return switch (policy.getKind()) {
            case RELABEL_KIND_NONE -> began;
            case RELABEL_KIND_NEWEST -> newest(policy.getNewestImages(), began, task.unlabeled());
            case RELABEL_KIND_ALL, RELABEL_KIND_UNCERTAIN_FIRST, RELABEL_KIND_UNSPECIFIED, UNRECOGNIZED -> 0;
        };
    }

    /** The first place from which on the log is newer, but for shards that were said out of order. */
    private static int firstSaidAfter(Instant promotion, TaskLedger task) {
        List<Instant> times = task.unlabeledTimes();
        int place = 0;
        while (place < times.size() && times.get(place).isBefore(promotion)) {
            place++;
        }
        return place;
    }

    private static int newest(long images, int live, List<ShardAdded> shards) {
        int first = live;
        for (long held = 0; first > 0 && held < images; first--) {
            held += shards.get(first - 1).getImages();
        }
        return first;
    }

    /** All shards that the teacher labels, in the order of the log. */
    public List<ShardAdded> shards(TaskLedger task) {
        return task.unlabeled().subList(first, task.unlabeled().size());
    }

    /** Places of the live shards that the teacher was not asked to label. */
    public Stream<Integer> liveUnasked(TaskLedger task) {
        return task.unasked().tailSet(live).stream();
    }

    /** Places of the shards of the backlog that the teacher was not asked to label, the most urgent first. */
    public Stream<Integer> backlogUnasked(Promoted teacher, TaskLedger task) {
        NavigableSet<Integer> backlog = task.unasked().subSet(first, true, live, false);
        boolean uncertainFirst =
                task.declaration().getPolicies().getRelabel().getKind() == RelabelKind.RELABEL_KIND_UNCERTAIN_FIRST;
        return uncertainFirst
                ? backlog.stream()
                        .sorted(Comparator.comparingDouble(
                                place -> -uncertainty(task.unlabeled().get(place), teacher.getPrevious(), task)))
                : backlog.stream();
    }

    /** What the teacher before has not labeled is the most uncertain of all. */
    private static double uncertainty(ShardAdded shard, String previous, TaskLedger task) {
        return task.softLabels(shard.getShard().getDigest(), previous)
                .map(SoftLabelsAdded::getQuality)
                .map(quality -> quality.getMeanEntropy())
                .orElse(Double.POSITIVE_INFINITY);
    }
}
