package dev.tutelage.labeler;

import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.trigger.Decision;
import dev.tutelage.platform.trigger.Trigger;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** The teacher of the day labels every unlabeled shard: those that are there when it is promoted, and each new one. */
@ApplicationScoped
public class LabelTrigger implements Trigger {

    @Override
    public List<Decision> decide(TaskLedger task) {
        Optional<Promoted> teacher = task.holder(Role.ROLE_TEACHER);
        return teacher.map(promoted -> label(task, promoted.getCheckpoint())).orElse(List.of());
    }

    private static List<Decision> label(TaskLedger task, String teacher) {
        return task.unlabeled().stream()
                .filter(shard ->
                        task.softLabels(shard.getShard().getDigest(), teacher).isEmpty())
                .map(shard -> label(task, shard, teacher))
                .toList();
    }

    private static Decision label(TaskLedger task, ShardAdded shard, String teacher) {
        return new Decision.Request(
                task.name(),
                Stage.STAGE_LABEL,
                Optional.of(teacher),
                new Decision.Input.OfShard(shard.getShard()),
                task.declaration().getRecipes().getLabel(),
                "the teacher has not labeled this shard");
    }
}
