package dev.tutelage.labeler;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.ledger.LogPrefix;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.trigger.Decision;
import dev.tutelage.platform.trigger.Relabeling;
import dev.tutelage.platform.trigger.Trigger;
import dev.tutelage.stages.EarlierTeachers;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The teacher of the day labels every unlabeled shard that comes, and of those that came before it what the task's
 * relabel policy says. A shard is asked for once for each teacher, however that ended.
 *
 * <p>What checkpoints are evaluated on goes with each request, so that no copy of it is labeled.
 *
 * <p>Of a large backlog only so much is asked for at a time that a new shard need not wait for it; the rest follows as
 * soon as these requests are on Kafka.
 *
 * <p>Where students learn from what several teachers agree on, earlier ones label the shards that students learn from,
 * too: they may have lost the role before those shards were there.
 */
@ApplicationScoped
public class LabelTrigger implements Trigger {
    private static final int BACKLOG_AT_A_TIME = 500;

    @Override
    public List<Decision> decide(TaskLedger task) {
        return task.holder(Role.ROLE_TEACHER)
                .map(teacher -> label(task, teacher))
                .orElse(List.of());
    }

    private static List<Decision> label(TaskLedger task, Promoted teacher) {
        Relabeling relabeling = Relabeling.by(teacher, task);
        String name = teacher.getCheckpoint();
        List<ShardAdded> shards = task.unlabeled();
        List<Artifact> heldOut = heldOut(task);
        Stream<Decision> live = relabeling
                .liveUnasked(task)
                .map(place ->
                        request(task, heldOut, shards.get(place), name, false, "a shard has come, and there is a teacher"));
        Stream<Decision> backlog = relabeling
                .backlogUnasked(teacher, task)
                .map(place -> request(task, heldOut, shards.get(place), name, true, "the shard was there before the teacher"));
        return Stream.concat(
                        live,
                        Stream.concat(backlog, earlier(task, heldOut, teacher, relabeling))
                                .limit(BACKLOG_AT_A_TIME))
                .toList();
    }

    /** A teacher was evaluated before it was promoted, so this prefix is complete and stays what it is. */
    private static List<Artifact> heldOut(TaskLedger task) {
        int images = task.declaration().getPolicies().getEvaluationMinImages();
        return LogPrefix.holding(images, task.heldOut()).orElse(List.of()).stream()
                .map(ShardAdded::getShard)
                .toList();
    }

    private static Stream<Decision> earlier(
            TaskLedger task, List<Artifact> heldOut, Promoted teacher, Relabeling relabeling) {
        List<String> earlier = EarlierTeachers.askedBeside(task, teacher.getCheckpoint());
        if (earlier.isEmpty()) {
            return Stream.empty();
        }
        List<ShardAdded> shards = LogPrefix.holding(
                        task.declaration().getPolicies().getDistillMinImages(), relabeling.shards(task))
                .orElse(List.of());
        return earlier.stream().flatMap(each -> shards.stream()
                .filter(shard -> !task.isAsked(shard.getShard().getDigest(), each))
                .map(shard -> request(task, heldOut, shard, each, true, "students learn from what teachers agree on")));
    }

    private static Decision request(
            TaskLedger task, List<Artifact> heldOut, ShardAdded shard, String teacher, boolean backlog, String reason) {
        return new Decision.Request(
                task.name(),
                Stage.STAGE_LABEL,
                Optional.of(teacher),
                new Decision.Input.OfShard(shard.getShard()),
                task.declaration().getRecipes().getLabel(),
                Optional.empty(),
                backlog,
                reason,
                heldOut);
    }
}
