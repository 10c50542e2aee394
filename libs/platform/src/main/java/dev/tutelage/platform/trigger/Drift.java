package dev.tutelage.platform.trigger;

import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.DriftPolicy;
import dev.tutelage.event.v1.DriftReference;
import dev.tutelage.event.v1.DriftTest;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.platform.ledger.LogPrefix;
import dev.tutelage.platform.ledger.TaskLedger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds where the images that come are no longer like those that the teacher of the day knows.
 *
 * <p>The shards that it labels are cut into windows in the order of the log: the next shards that together hold as many
 * images as the task's policy says. A window is judged when the teacher has dealt with all of its shards, labeled them or
 * failed. So what is found follows from the facts alone, whoever looks and whenever.
 *
 * <p>A window is compared with what the teacher's checkpoint says about held-out images. That can be compared with the
 * plain views of whole images only; where the recipe has none, or the checkpoint no reference, the teacher's first window is
 * what the later ones are compared with.
 *
 * <p>What was found in the windows that are behind is remembered, since it stays true. Not thread-safe.
 */
public final class Drift {
    private static final int WINDOW_IMAGES = 5_000;

    private final Map<String, Watch> watches = new HashMap<>();

    /** What is watched: anything else of the same task is another watch. */
    private record Watched(String task, String teacher, int first, DriftPolicy policy) {}

    /** How far the windows of one teacher have been judged. */
    private static final class Watch {
        private final Watched watched;
        private final List<DriftDetected> found = new ArrayList<>();
        private Optional<WindowProfile> firstWindow = Optional.empty();
        private int next;
        private long windows;

        Watch(Watched watched) {
            this.watched = watched;
            this.next = watched.first();
        }
    }

    /** The drift of a task that was found and has not been told. */
    public List<Decision> decide(TaskLedger task) {
        Optional<Promoted> teacher = task.holder(Role.ROLE_TEACHER);
        Optional<CheckpointPublished> checkpoint =
                teacher.map(Promoted::getCheckpoint).flatMap(task::checkpoint);
        // Topics are read side by side: without the checkpoint it is not known whether it has a reference.
        return checkpoint.map(known -> decide(task, teacher.get(), known)).orElse(List.of());
    }

    private List<Decision> decide(TaskLedger task, Promoted teacher, CheckpointPublished checkpoint) {
        Watch watch = watch(task, teacher);
        while (judgeNext(task, checkpoint, watch)) {
            watch.windows++;
        }
        List<Decision> decisions = new ArrayList<>();
        for (DriftDetected drift : watch.found) {
            if (!task.isDriftDetected(drift.getTeacher(), drift.getWindow())) {
                decisions.add(new Decision.Report(drift));
            }
        }
        return decisions;
    }

    private Watch watch(TaskLedger task, Promoted teacher) {
        Watched watched = new Watched(
                task.name(),
                teacher.getCheckpoint(),
                Relabeling.by(teacher, task).first(),
                task.declaration().getPolicies().getDrift());
        return watches.compute(
                task.name(),
                (name, known) -> known != null && known.watched.equals(watched) ? known : new Watch(watched));
    }

    /** @return whether there was one that could be judged */
    private static boolean judgeNext(TaskLedger task, CheckpointPublished teacher, Watch watch) {
        Optional<List<ShardAdded>> window = window(task, watch)
                .filter(shards -> shards.stream().allMatch(shard -> isDealtWith(task, shard, teacher.getDigest())));
        window.ifPresent(shards -> {
            judge(task, teacher, watch, shards);
            watch.next += shards.size();
        });
        return window.isPresent();
    }

    private static Optional<List<ShardAdded>> window(TaskLedger task, Watch watch) {
        long images = watch.watched.policy().getWindowImages();
        return LogPrefix.holding(
                images > 0 ? images : WINDOW_IMAGES,
                task.unlabeled().subList(watch.next, task.unlabeled().size()));
    }

    private static boolean isDealtWith(TaskLedger task, ShardAdded shard, String teacher) {
        String digest = shard.getShard().getDigest();
        return task.softLabels(digest, teacher).isPresent() || task.isLabelingFailed(digest, teacher);
    }

    private static void judge(TaskLedger task, CheckpointPublished teacher, Watch watch, List<ShardAdded> shards) {
        List<SoftLabelsAdded> labels = shards.stream()
                .flatMap(shard -> task.softLabels(shard.getShard().getDigest(), teacher.getDigest()).stream())
                .toList();
        WindowProfile seen = WindowProfile.of(labels);
        if (seen.images() == 0) {
            return;
        }
        boolean byCheckpoint = seen.plain() && teacher.hasReference();
        Optional<WindowProfile> reference =
                byCheckpoint ? Optional.of(WindowProfile.of(teacher.getReference())) : watch.firstWindow;
        if (watch.firstWindow.isEmpty()) {
            watch.firstWindow = Optional.of(seen);
        }
        List<DriftTest> tests = reference
                .map(known -> DriftTests.of(watch.watched.policy()).run(known, seen))
                .orElse(List.of());
        if (tests.stream().anyMatch(DriftTest::getFired)) {
            watch.found.add(DriftDetected.newBuilder()
                    .setTask(task.name())
                    .setTeacher(teacher.getDigest())
                    .setWindow(watch.windows)
                    .setFirstShard(shards.get(0).getShard().getDigest())
                    .setLastShard(shards.get(shards.size() - 1).getShard().getDigest())
                    .setImages(seen.images())
                    .addAllTests(tests)
                    .setReference(
                            byCheckpoint
                                    ? DriftReference.DRIFT_REFERENCE_CHECKPOINT
                                    : DriftReference.DRIFT_REFERENCE_FIRST_WINDOW)
                    .setReason(reason(seen, tests, byCheckpoint))
                    .build());
        }
    }

    private static String reason(WindowProfile seen, List<DriftTest> tests, boolean byCheckpoint) {
        return String.format(
                Locale.ROOT,
                "Of %,d images, other than in %s: %s",
                seen.images(),
                byCheckpoint ? "the teacher's held-out images" : "the teacher's first window",
                DriftTests.fired(tests));
    }
}
