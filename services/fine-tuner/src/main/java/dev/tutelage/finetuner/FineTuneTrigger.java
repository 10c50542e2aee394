package dev.tutelage.finetuner;

import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
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
import java.util.List;
import java.util.Optional;

/**
 * Once there are enough labels and held-out images, fine-tuning is due for each pretrained checkpoint, and the supervised
 * baseline once. The best fine-tuned checkpoint becomes the teacher.
 */
@ApplicationScoped
public class FineTuneTrigger implements Trigger {

    @Override
    public List<Decision> decide(TaskLedger task) {
        List<Decision> decisions = new ArrayList<>();
        labeledDataset(task).ifPresent(dataset -> {
            baseline(task.declaration(), dataset).ifPresent(decisions::add);
            task.checkpoints(Stage.STAGE_PRETRAIN).stream()
                    .filter(parent -> !task.isExpired(parent.getDigest()))
                    .forEach(parent -> decisions.add(fineTuning(task.declaration(), parent, dataset)));
        });
        Gate.decide(task, Role.ROLE_TEACHER).ifPresent(decisions::add);
        return decisions;
    }

    private static Optional<Dataset> labeledDataset(TaskLedger task) {
        TaskDeclared declaration = task.declaration();
        Optional<List<ShardAdded>> labeled =
                LogPrefix.holding(declaration.getPolicies().getFineTuneMinLabels(), task.labeled());
        Optional<List<ShardAdded>> heldOut =
                LogPrefix.holding(declaration.getPolicies().getEvaluationMinImages(), task.heldOut());
        return labeled.flatMap(
                shards -> heldOut.map(evaluation -> Dataset.of(declaration, shards, evaluation, List.of())));
    }

    private static Optional<Decision> baseline(TaskDeclared task, Dataset dataset) {
        String recipe = task.getRecipes().getSupervised();
        if (recipe.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Decision.Request(
                task.getTask(),
                Stage.STAGE_SUPERVISED,
                Optional.empty(),
                new Decision.Input.OfDataset(dataset),
                recipe,
                "there are enough labels for the supervised baseline"));
    }

    private static Decision fineTuning(TaskDeclared task, CheckpointPublished parent, Dataset dataset) {
        return new Decision.Request(
                task.getTask(),
                Stage.STAGE_FINE_TUNE,
                Optional.of(parent.getDigest()),
                new Decision.Input.OfDataset(dataset),
                task.getRecipes().getFineTune(),
                "a pretrained checkpoint and enough labels are there");
    }
}
