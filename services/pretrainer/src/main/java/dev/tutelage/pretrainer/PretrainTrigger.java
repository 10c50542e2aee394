package dev.tutelage.pretrainer;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.platform.ledger.LogPrefix;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.policy.Firing;
import dev.tutelage.platform.policy.Grounds;
import dev.tutelage.platform.policy.Measure;
import dev.tutelage.platform.policy.RetrainPolicy;
import dev.tutelage.platform.policy.Standing;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.trigger.Decision;
import dev.tutelage.platform.trigger.Trigger;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Pretraining is due once enough unlabeled images have arrived; if its recipe wants probes, also enough labeled and held-out
 * ones. It is due again when the task's policy says so. It is of all unlabeled images that there are by then.
 */
@ApplicationScoped
public class PretrainTrigger implements Trigger {
    private final Clock clock;

    public PretrainTrigger() {
        this(Clock.systemUTC());
    }

    PretrainTrigger(Clock clock) {
        this.clock = clock;
    }

    @Override
    public List<Decision> decide(TaskLedger task) {
        Optional<Decision> due = Optional.of(task)
                .filter(PretrainTrigger::isEnough)
                .flatMap(this::grounds)
                .flatMap(grounds -> request(task, grounds));
        return due.stream().toList();
    }

    @Override
    public boolean watchesTheClock(TaskLedger task) {
        return policy(task).watchesTheClock();
    }

    private static RetrainPolicy policy(TaskLedger task) {
        return RetrainPolicy.of(task.declaration(), Stage.STAGE_PRETRAIN);
    }

    private static boolean isEnough(TaskLedger task) {
        return !task.unlabeled().isEmpty()
                && task.arrivals().unlabeledImages()
                        >= task.declaration().getPolicies().getPretrainMinImages();
    }

    private Optional<Grounds> grounds(TaskLedger task) {
        Standing standing = new Standing(
                task,
                clock.instant(),
                new Standing.Work(
                        Stage.STAGE_PRETRAIN,
                        task.declaration().getRecipes().getPretrain(),
                        Optional.empty(),
                        Standing.extentOf(task).build(),
                        List.of(Measure.UNLABELED_IMAGES),
                        task.arrivals().newestUnlabeled(),
                        Optional.empty(),
                        Optional.empty()));
        return policy(task).due(standing, first(task));
    }

    private static Firing first(TaskLedger task) {
        String reason = String.format(
                Locale.ROOT,
                "%,d unlabeled images have arrived; the task asks for %,d",
                task.arrivals().unlabeledImages(),
                task.declaration().getPolicies().getPretrainMinImages());
        ShardAdded last = task.unlabeled().get(task.unlabeled().size() - 1);
        return new Firing(
                reason,
                List.of(Standing.evidence(
                        "the last of " + task.unlabeled().size() + " shards",
                        Topic.SHARDS,
                        task.name() + "/" + last.getShard().getDigest())));
    }

    private static Optional<Decision> request(TaskLedger task, Grounds grounds) {
        TaskDeclared declaration = task.declaration();
        Policies policies = declaration.getPolicies();
        boolean probes = wantsProbes(declaration.getRecipes().getPretrain());
        Optional<List<ShardAdded>> labeled = probed(probes, policies.getFineTuneMinLabels(), task.labeled());
        Optional<List<ShardAdded>> heldOut = probed(probes, policies.getEvaluationMinImages(), task.heldOut());
        StartingPoint start = StartingPoint.of(task, task.unlabeled());
        return labeled.flatMap(labels -> heldOut.map(evaluation -> Decision.Request.training(
                task.name(),
                Stage.STAGE_PRETRAIN,
                Optional.empty(),
                Dataset.of(declaration, start.fresh(), evaluation, List.of(), labels)
                        .replaying(start.replayed()),
                declaration.getRecipes().getPretrain(),
                start.checkpoint(),
                grounds.adding(start.story()))));
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
}
