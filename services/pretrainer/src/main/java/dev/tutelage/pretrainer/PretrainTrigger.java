package dev.tutelage.pretrainer;

import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.ledger.LogPrefix;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.trigger.Decision;
import dev.tutelage.platform.trigger.Trigger;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Pretraining is due once enough unlabeled images have arrived. */
@ApplicationScoped
public class PretrainTrigger implements Trigger {

    @Override
    public List<Decision> decide(TaskLedger task) {
        int minImages = task.declaration().getPolicies().getPretrainMinImages();
        return LogPrefix.holding(minImages, task.unlabeled())
                .map(shards -> List.of(pretrain(task.declaration(), shards)))
                .orElse(List.of());
    }

    private static Decision pretrain(TaskDeclared task, List<ShardAdded> shards) {
        int images = shards.stream().mapToInt(ShardAdded::getImages).sum();
        return new Decision.Request(
                task.getTask(),
                Stage.STAGE_PRETRAIN,
                Optional.empty(),
                new Decision.Input.OfDataset(Dataset.of(task, shards, List.of(), List.of())),
                task.getRecipes().getPretrain(),
                images + " unlabeled images have arrived; the task asks for "
                        + task.getPolicies().getPretrainMinImages());
    }
}
