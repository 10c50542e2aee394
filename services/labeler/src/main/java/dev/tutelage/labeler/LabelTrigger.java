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
 */
@ApplicationScoped
public class LabelTrigger implements Trigger {
    private static final int BACKLOG_AT_A_TIME = 500;

    @Override
    public List<Decision> decide(TaskLedger task) {
        Optional<Promoted> teacher = task.holder(Role.ROLE_TEACHER);
        if (teacher.isEmpty() || task.unasked().isEmpty()) {
            return List.of();
        }
        return label(task, teacher.get());
    }

    private static List<Decision> label(TaskLedger task, Promoted teacher) {
        Relabeling relabeling = Relabeling.by(teacher, task);
        List<Artifact> heldOut = heldOut(task);
        Stream<Decision> live = relabeling
                .liveUnasked(task)
                .map(place ->
                        request(task, place, teacher, heldOut, false, "a shard has come, and there is a teacher"));
        Stream<Decision> backlog = relabeling
                .backlogUnasked(teacher, task)
                .limit(BACKLOG_AT_A_TIME)
                .map(place -> request(task, place, teacher, heldOut, true, "the shard was there before the teacher"));
        return Stream.concat(live, backlog).toList();
    }

    /** A teacher was evaluated before it was promoted, so this prefix is complete and stays what it is. */
    private static List<Artifact> heldOut(TaskLedger task) {
        int images = task.declaration().getPolicies().getEvaluationMinImages();
        return LogPrefix.holding(images, task.heldOut()).orElse(List.of()).stream()
                .map(ShardAdded::getShard)
                .toList();
    }

    private static Decision request(
            TaskLedger task, int place, Promoted teacher, List<Artifact> heldOut, boolean backlog, String reason) {
        ShardAdded shard = task.unlabeled().get(place);
        return new Decision.Request(
                task.name(),
                Stage.STAGE_LABEL,
                Optional.of(teacher.getCheckpoint()),
                new Decision.Input.OfShard(shard.getShard()),
                task.declaration().getRecipes().getLabel(),
                Optional.empty(),
                backlog,
                reason,
                heldOut);
    }
}
