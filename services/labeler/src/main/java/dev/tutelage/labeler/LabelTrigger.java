package dev.tutelage.labeler;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.ledger.LogPrefix;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.trigger.Decision;
import dev.tutelage.platform.trigger.Trigger;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * The teacher of the day labels every unlabeled shard: those that are there when it is promoted, and each new one. What
 * checkpoints are evaluated on goes with each request, so that no copy of it is labeled.
 */
@ApplicationScoped
public class LabelTrigger implements Trigger {

    @Override
    public List<Decision> decide(TaskLedger task) {
        Optional<Promoted> teacher = task.holder(Role.ROLE_TEACHER);
        return teacher.map(promoted -> label(task, promoted.getCheckpoint())).orElse(List.of());
    }

    private static List<Decision> label(TaskLedger task, String teacher) {
        List<Artifact> heldOut = heldOut(task);
        return task.unlabeled().stream()
                .filter(shard ->
                        task.softLabels(shard.getShard().getDigest(), teacher).isEmpty())
                .map(shard -> label(task, shard, teacher, heldOut))
                .toList();
    }

    /** A teacher was evaluated before it was promoted, so this prefix is complete and stays what it is. */
    private static List<Artifact> heldOut(TaskLedger task) {
        int images = task.declaration().getPolicies().getEvaluationMinImages();
        return LogPrefix.holding(images, task.heldOut()).orElse(List.of()).stream()
                .map(ShardAdded::getShard)
                .toList();
    }

    private static Decision label(TaskLedger task, ShardAdded shard, String teacher, List<Artifact> heldOut) {
        return new Decision.Request(
                task.name(),
                Stage.STAGE_LABEL,
                Optional.of(teacher),
                new Decision.Input.OfShard(shard.getShard()),
                task.declaration().getRecipes().getLabel(),
                Optional.empty(),
                "the teacher has not labeled this shard",
                heldOut);
    }
}
