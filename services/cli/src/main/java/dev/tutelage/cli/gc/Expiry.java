package dev.tutelage.cli.gc;

import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Retention;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.recipe.SelectionRecipe;
import dev.tutelage.platform.ledger.TaskLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a task's retention lets expire. It follows from the facts and the time of day alone. */
final class Expiry {
    private static final Duration SNAPSHOTS = Duration.ofHours(1);

    private Expiry() {}

    /** For how long the snapshots of a run are kept after its end. */
    static Duration ofSnapshots(TaskLedger task) {
        long millis = retention(task).getSnapshotsMillis();
        return millis == 0 ? SNAPSHOTS : Duration.ofMillis(millis);
    }

    /**
     * The checkpoints that newer ones have superseded. Those that are kept are added to what is reachable.
     *
     * @param reachable knows what is reachable of the task
     */
    static List<CheckpointPublished> superseded(TaskLedger task, Reachable reachable) {
        int kept = retention(task).getCheckpoints();
        List<CheckpointPublished> superseded = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            List<CheckpointPublished> free = new ArrayList<>(task.checkpoints(stage).stream()
                    .filter(checkpoint -> !reachable.hasCheckpoint(checkpoint.getDigest()))
                    .toList());
            Collections.reverse(free);
            int newest = kept == 0 ? free.size() : Math.min(kept, free.size());
            free.subList(0, newest).forEach(checkpoint -> reachable.keep(task, checkpoint));
            superseded.addAll(free.subList(newest, free.size()));
        }
        // One may be what a kept one of another stage was made from.
        return superseded.stream()
                .filter(checkpoint -> !reachable.hasCheckpoint(checkpoint.getDigest()))
                .toList();
    }

    /** Why a superseded checkpoint is removed; the same whoever says it, and whenever. */
    static String reason(TaskLedger task, CheckpointPublished checkpoint) {
        return "of stage " + checkpoint.getStage() + " the newest "
                + retention(task).getCheckpoints() + " that never held a role are kept, and this one is older";
    }

    /**
     * The teachers whose soft labels have expired, each with the time when it lost the role. Teachers whose word a selection
     * still asks beside the teacher of the day are none of them.
     */
    static Map<String, Instant> lostTeachers(TaskLedger task, Instant now, LogReading log) {
        Map<String, Instant> lost = new HashMap<>();
        long millis = retention(task).getSoftLabelsMillis();
        List<Promoted> promotions = task.promotions(Role.ROLE_TEACHER);
        if (millis == 0 || promotions.isEmpty()) {
            return lost;
        }
        for (int i = 0; i + 1 < promotions.size(); i++) {
            Optional<Instant> until = log.promotionTime(promotions.get(i + 1));
            if (until.isPresent()) {
                lost.put(promotions.get(i).getCheckpoint(), until.get());
            } else {
                lost.remove(promotions.get(i).getCheckpoint());
            }
        }
        lost.values().removeIf(since -> since.plusMillis(millis).isAfter(now));
        lost.keySet().removeAll(asked(task, promotions));
        return lost;
    }

    /** The teacher of the day, and those before it that must agree with it. */
    private static Set<String> asked(TaskLedger task, List<Promoted> promotions) {
        int agreement = task.declaration().getSelection().isEmpty()
                ? 1
                : Recipes.SELECTION
                        .readable(task.declaration().getSelection())
                        .map(SelectionRecipe::agreement)
                        .orElse(promotions.size());
        Set<String> asked = new HashSet<>();
        for (int i = promotions.size() - 1; i >= 0 && asked.size() < agreement; i--) {
            asked.add(promotions.get(i).getCheckpoint());
        }
        return asked;
    }

    /** Why a teacher's soft labels are removed. */
    static String reason(TaskLedger task, Instant lost) {
        return "the teacher lost its role at " + lost + ", and soft labels of earlier teachers are kept for "
                + Duration.ofMillis(retention(task).getSoftLabelsMillis());
    }

    private static Retention retention(TaskLedger task) {
        return task.declaration().getPolicies().getRetention();
    }
}
