package dev.tutelage.labeler;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.platform.ledger.LogPrefix;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.trigger.Decision;
import dev.tutelage.platform.trigger.Drift;
import dev.tutelage.platform.trigger.Relabeling;
import dev.tutelage.platform.trigger.Trigger;
import dev.tutelage.stages.EarlierTeachers;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
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
 * <p>Where students learn from what several teachers agree on, earlier ones label the shards that the teacher labels,
 * too: students learn from all of them, and they may have lost the role before those shards were there.
 *
 * <p>It also tells when the images that come drift away from what the teacher knows.
 */
@ApplicationScoped
public class LabelTrigger implements Trigger {
    private static final int BACKLOG_AT_A_TIME = 500;

    private final Drift drift = new Drift();

    @Override
    public List<Decision> decide(TaskLedger task) {
        Stream<Decision> requests = task.holder(Role.ROLE_TEACHER).stream().flatMap(teacher -> label(task, teacher));
        return Stream.concat(requests, drift.decide(task).stream()).toList();
    }

    private static Stream<Decision> label(TaskLedger task, Promoted teacher) {
        if (task.unasked().isEmpty()
                && EarlierTeachers.askedBeside(task, teacher.getCheckpoint()).isEmpty()) {
            return Stream.empty();
        }
        Relabeling relabeling = Relabeling.by(teacher, task);
        Stream<Asked> live = relabeling
                .liveUnasked(task)
                .map(place -> new Asked(
                        task.unlabeled().get(place),
                        teacher.getCheckpoint(),
                        false,
                        "a shard has come, and there is a teacher"));
        Stream<Asked> backlog = relabeling
                .backlogUnasked(teacher, task)
                .map(place -> new Asked(
                        task.unlabeled().get(place),
                        teacher.getCheckpoint(),
                        true,
                        "the shard was there before the teacher"));
        Stream<Asked> patient = Stream.concat(backlog, earlier(task, teacher, relabeling));
        List<Artifact> heldOut = heldOut(task);
        return Stream.concat(live, patient.limit(BACKLOG_AT_A_TIME)).map(asked -> asked.request(task, heldOut));
    }

    private static Stream<Asked> earlier(TaskLedger task, Promoted teacher, Relabeling relabeling) {
        List<String> earlier = EarlierTeachers.askedBeside(task, teacher.getCheckpoint());
        if (earlier.isEmpty()) {
            return Stream.empty();
        }
        List<ShardAdded> shards = relabeling.shards(task);
        return earlier.stream().flatMap(each -> shards.stream()
                .filter(shard -> !task.isAsked(shard.getShard().getDigest(), each))
                .map(shard -> new Asked(shard, each, true, "students learn from what teachers agree on")));
    }

    /** A teacher was evaluated before it was promoted, so this prefix is complete and stays what it is. */
    private static List<Artifact> heldOut(TaskLedger task) {
        int images = task.declaration().getPolicies().getEvaluationMinImages();
        return LogPrefix.holding(images, task.heldOut()).orElse(List.of()).stream()
                .map(ShardAdded::getShard)
                .toList();
    }

    /** A shard that a teacher is to label. */
    private record Asked(ShardAdded shard, String teacher, boolean backlog, String reason) {

        Decision request(TaskLedger task, List<Artifact> heldOut) {
            return Decision.Request.labeling(
                    task.name(),
                    teacher,
                    shard.getShard(),
                    task.declaration().getRecipes().getLabel(),
                    backlog,
                    reason,
                    heldOut);
        }
    }
}
