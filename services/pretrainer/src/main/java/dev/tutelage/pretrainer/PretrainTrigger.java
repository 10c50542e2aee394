package dev.tutelage.pretrainer;

import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.platform.ledger.LogPrefix;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.trigger.Decision;
import dev.tutelage.platform.trigger.Trigger;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Pretraining is due once enough unlabeled images have arrived; if its recipe wants probes, also enough labeled and held-out
 * ones.
 */
@ApplicationScoped
public class PretrainTrigger implements Trigger {

    @Override
    public List<Decision> decide(TaskLedger task) {
        Policies policies = task.declaration().getPolicies();
        boolean probes = wantsProbes(task.declaration().getRecipes().getPretrain());
        Optional<List<ShardAdded>> unlabeled = LogPrefix.holding(policies.getPretrainMinImages(), task.unlabeled());
        Optional<List<ShardAdded>> labeled = probed(probes, policies.getFineTuneMinLabels(), task.labeled());
        Optional<List<ShardAdded>> heldOut = probed(probes, policies.getEvaluationMinImages(), task.heldOut());
        if (unlabeled.isEmpty() || labeled.isEmpty() || heldOut.isEmpty() || isAskedFor(task)) {
            return List.of();
        }
        StartingPoint start = StartingPoint.of(task, unlabeled.get());
        Dataset dataset = Dataset.of(task.declaration(), start.fresh(), heldOut.get(), List.of(), labeled.get())
                .replaying(start.replayed());
        return List.of(pretrain(task.declaration(), unlabeled.get(), start, dataset));
    }

    /** Its own checkpoint would be what it starts with, if it were looked at again. */
    private static boolean isAskedFor(TaskLedger task) {
        return !task.requests(Stage.STAGE_PRETRAIN).isEmpty();
    }

    private static Optional<List<ShardAdded>> probed(boolean probes, int minImages, List<ShardAdded> shards) {
        return probes ? LogPrefix.holding(minImages, shards) : Optional.of(List.of());
    }

    /** A recipe that cannot be read is asked for as any: the worker refuses it where people find that. */
    private static boolean wantsProbes(String recipe) {
        return Recipes.PRETRAIN
                .readable(recipe)
                .map(readable -> readable.probe().on())
                .orElse(false);
    }

    private static Decision pretrain(TaskDeclared task, List<ShardAdded> shards, StartingPoint start, Dataset dataset) {
        int images = shards.stream().mapToInt(ShardAdded::getImages).sum();
        return new Decision.Request(
                task.getTask(),
                Stage.STAGE_PRETRAIN,
                Optional.empty(),
                new Decision.Input.OfDataset(dataset),
                task.getRecipes().getPretrain(),
                start.checkpoint(),
                images + " unlabeled images have arrived; the task asks for "
                        + task.getPolicies().getPretrainMinImages() + start.story());
    }
}
