package dev.tutelage.student;

import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.ledger.LogPrefix;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.trigger.Decision;
import dev.tutelage.platform.trigger.Gate;
import dev.tutelage.platform.trigger.Trigger;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Distillation is due once the teacher has dealt with the first shards that hold enough images: labeled them, or found
 * them unusable. The best distilled checkpoint becomes the student.
 */
@ApplicationScoped
public class DistillTrigger implements Trigger {

    @Override
    public List<Decision> decide(TaskLedger task) {
        List<Decision> decisions = new ArrayList<>();
        task.holder(Role.ROLE_TEACHER)
                .flatMap(teacher -> distillation(task, teacher))
                .ifPresent(decisions::add);
        Gate.decide(task, Role.ROLE_STUDENT).ifPresent(decisions::add);
        return decisions;
    }

    private static Optional<Decision> distillation(TaskLedger task, Promoted teacher) {
        TaskDeclared declaration = task.declaration();
        Optional<List<ShardAdded>> prefix =
                LogPrefix.holding(declaration.getPolicies().getDistillMinImages(), task.unlabeled());
        Optional<List<ShardAdded>> heldOut =
                LogPrefix.holding(declaration.getPolicies().getEvaluationMinImages(), task.heldOut());
        if (prefix.isEmpty() || heldOut.isEmpty()) {
            return Optional.empty();
        }
        String digest = teacher.getCheckpoint();
        Set<String> unusable = unusableShards(task, digest);
        List<ShardAdded> shards = new ArrayList<>();
        List<SoftLabelsAdded> labels = new ArrayList<>();
        for (ShardAdded shard : prefix.get()) {
            Optional<SoftLabelsAdded> known = task.softLabels(shard.getShard().getDigest(), digest);
            if (known.isPresent()) {
                shards.add(shard);
                labels.add(known.get());
            } else if (!unusable.contains(shard.getShard().getDigest())) {
                return Optional.empty();
            }
        }
        return shards.isEmpty()
                ? Optional.empty()
                : Optional.of(request(declaration, digest, Dataset.of(declaration, shards, heldOut.get(), labels)));
    }

    private static Set<String> unusableShards(TaskLedger task, String teacher) {
        Set<String> shards = new HashSet<>();
        for (RunChanged run : task.runs()) {
            if (run.getStage() == Stage.STAGE_LABEL
                    && run.getState() == RunState.RUN_STATE_FAILED
                    && run.getParent().equals(teacher)) {
                shards.add(run.getDataset());
            }
        }
        return shards;
    }

    private static Decision request(TaskDeclared task, String teacher, Dataset dataset) {
        return new Decision.Request(
                task.getTask(),
                Stage.STAGE_DISTILL,
                Optional.of(teacher),
                new Decision.Input.OfDataset(dataset),
                task.getRecipes().getDistill(),
                "the teacher's soft labels of " + dataset.shards().size() + " shards are there");
    }
}
