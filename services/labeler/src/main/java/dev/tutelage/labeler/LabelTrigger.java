package dev.tutelage.labeler;

import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.trigger.Decision;
import dev.tutelage.platform.trigger.Drift;
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
 * <p>Of a large backlog only so much is asked for at a time that a new shard need not wait for it; the rest follows as
 * soon as these requests are on Kafka.
 *
 * <p>It also tells when the images that come drift away from what the teacher knows.
 */
@ApplicationScoped
public class LabelTrigger implements Trigger {
    private static final int BACKLOG_AT_A_TIME = 500;

    private final Drift drift = new Drift();

    @Override
    public List<Decision> decide(TaskLedger task) {
        Optional<Promoted> teacher = task.holder(Role.ROLE_TEACHER);
        Stream<Decision> requests =
                teacher.isEmpty() || task.unasked().isEmpty() ? Stream.empty() : label(task, teacher.get());
        return Stream.concat(requests, drift.decide(task).stream()).toList();
    }

    private static Stream<Decision> label(TaskLedger task, Promoted teacher) {
        Relabeling relabeling = Relabeling.by(teacher, task);
        Stream<Decision> live = relabeling
                .liveUnasked(task)
                .map(place -> request(task, place, teacher, false, "a shard has come, and there is a teacher"));
        Stream<Decision> backlog = relabeling
                .backlogUnasked(teacher, task)
                .limit(BACKLOG_AT_A_TIME)
                .map(place -> request(task, place, teacher, true, "the shard was there before the teacher"));
        return Stream.concat(live, backlog);
    }

    private static Decision request(TaskLedger task, int place, Promoted teacher, boolean backlog, String reason) {
        ShardAdded shard = task.unlabeled().get(place);
        return new Decision.Request(
                task.name(),
                Stage.STAGE_LABEL,
                Optional.of(teacher.getCheckpoint()),
                new Decision.Input.OfShard(shard.getShard()),
                task.declaration().getRecipes().getLabel(),
                Optional.empty(),
                backlog,
                reason);
    }
}
