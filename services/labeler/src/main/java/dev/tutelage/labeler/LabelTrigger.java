package dev.tutelage.labeler;

import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.ledger.LogPrefix;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.trigger.Decision;
import dev.tutelage.platform.trigger.Trigger;
import dev.tutelage.stages.EarlierTeachers;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The teacher of the day labels every unlabeled shard: those that are there when it is promoted, and each new one. Where
 * students learn from what several teachers agree on, earlier ones label the shards that students learn from, too: they may
 * have lost the role before those shards were there.
 */
@ApplicationScoped
public class LabelTrigger implements Trigger {

    @Override
    public List<Decision> decide(TaskLedger task) {
        return task.holder(Role.ROLE_TEACHER)
                .map(Promoted::getCheckpoint)
                .map(teacher -> Stream.concat(label(task, task.unlabeled(), teacher), earlier(task, teacher))
                        .toList())
                .orElse(List.of());
    }

    private static Stream<Decision> earlier(TaskLedger task, String teacher) {
        List<ShardAdded> shards = LogPrefix.holding(
                        task.declaration().getPolicies().getDistillMinImages(), task.unlabeled())
                .orElse(List.of());
        return EarlierTeachers.askedBeside(task, teacher).stream().flatMap(earlier -> label(task, shards, earlier));
    }

    private static Stream<Decision> label(TaskLedger task, List<ShardAdded> shards, String teacher) {
        return shards.stream()
                .filter(shard ->
                        task.softLabels(shard.getShard().getDigest(), teacher).isEmpty())
                .map(shard -> label(task, shard, teacher));
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
