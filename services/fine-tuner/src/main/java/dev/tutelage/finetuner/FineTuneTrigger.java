package dev.tutelage.finetuner;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Evidence;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.ledger.LogPrefix;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.policy.Firing;
import dev.tutelage.platform.policy.Grounds;
import dev.tutelage.platform.policy.Measure;
import dev.tutelage.platform.policy.RetrainPolicy;
import dev.tutelage.platform.policy.Standing;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.trigger.Decision;
import dev.tutelage.platform.trigger.Gate;
import dev.tutelage.platform.trigger.Trigger;
import dev.tutelage.stages.StoredPredictions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Once there are enough labels and held-out images, fine-tuning is due for each pretrained checkpoint or as the task's policy
 * says, and the supervised baseline once for each of its recipes. It is of all labels that there are by then. The gate decides
 * which fine-tuned checkpoint, or which student of it, is the teacher.
 */
@ApplicationScoped
public class FineTuneTrigger implements Trigger {
    private final Gate gate;
    private final Clock clock;

    @Inject
    public FineTuneTrigger(ArtifactStore store) {
        this(new Gate(new StoredPredictions(store)), Clock.systemUTC());
    }

    FineTuneTrigger(Gate gate, Clock clock) {
        this.gate = gate;
        this.clock = clock;
    }

    /** A checkpoint to start from, and whether fine-tuning was never asked for with it. */
    private record Parent(CheckpointPublished checkpoint, boolean isNew) {}

    @Override
    public List<Decision> decide(TaskLedger task) {
        List<Decision> decisions = new ArrayList<>();
        heldOut(task).filter(shards -> hasEnoughLabels(task)).ifPresent(shards -> {
            baseline(task, shards).ifPresent(decisions::add);
            fineTuning(task, shards).ifPresent(decisions::add);
        });
        gate.decide(task, Role.ROLE_TEACHER).ifPresent(decisions::add);
        return decisions;
    }

    @Override
    public boolean watchesTheClock(TaskLedger task) {
        return policy(task).watchesTheClock();
    }

    private static RetrainPolicy policy(TaskLedger task) {
        return RetrainPolicy.of(task.declaration(), Stage.STAGE_FINE_TUNE);
    }

    private static boolean hasEnoughLabels(TaskLedger task) {
        return !task.labeled().isEmpty()
                && task.arrivals().labels() >= task.declaration().getPolicies().getFineTuneMinLabels();
    }

    /** The first held-out shards that are enough, so that all checkpoints are evaluated on the same images. */
    private static Optional<List<ShardAdded>> heldOut(TaskLedger task) {
        return LogPrefix.holding(task.declaration().getPolicies().getEvaluationMinImages(), task.heldOut());
    }

    private static Dataset dataset(TaskLedger task, List<ShardAdded> heldOut) {
        return Dataset.of(task.declaration(), task.labeled(), heldOut, List.of());
    }

    private static Optional<Decision> baseline(TaskLedger task, List<ShardAdded> heldOut) {
        String recipe = task.declaration().getRecipes().getSupervised();
        boolean asked = task.requests(Stage.STAGE_SUPERVISED).stream()
                .map(RunRequested::getRecipe)
                .anyMatch(recipe::equals);
        if (recipe.isEmpty() || asked) {
            return Optional.empty();
        }
        return Optional.of(Decision.Request.training(
                task.name(),
                Stage.STAGE_SUPERVISED,
                Optional.empty(),
                dataset(task, heldOut),
                recipe,
                Optional.empty(),
                new Grounds(
                        "there are enough labels for the supervised baseline",
                        Standing.extentOf(task).build(),
                        List.of(lastLabels(task)),
                        List.of())));
    }

    private Optional<Decision> fineTuning(TaskLedger task, List<ShardAdded> heldOut) {
        return parent(task).flatMap(parent -> grounds(task, parent)
                .map(grounds -> Decision.Request.training(
                        task.name(),
                        Stage.STAGE_FINE_TUNE,
                        Optional.of(parent.checkpoint().getDigest()),
                        dataset(task, heldOut),
                        task.declaration().getRecipes().getFineTune(),
                        Optional.empty(),
                        grounds)));
    }

    /** The newest pretrained checkpoint, or the first that was not asked for where each is to be. */
    private static Optional<Parent> parent(TaskLedger task) {
        List<CheckpointPublished> pretrained = task.checkpoints(Stage.STAGE_PRETRAIN).stream()
                .filter(checkpoint -> !task.isExpired(checkpoint.getDigest()))
                .toList();
        Set<String> asked = task.requests(Stage.STAGE_FINE_TUNE).stream()
                .map(RunRequested::getParent)
                .collect(Collectors.toSet());
        int unasked = 0;
        for (int place = 0; place < pretrained.size(); place++) {
            unasked = asked.contains(pretrained.get(place).getDigest()) ? place + 1 : unasked;
        }
        int newest = pretrained.size() - 1;
        if (newest < 0) {
            return Optional.empty();
        }
        int chosen = policy(task).asksForEachParent() ? Math.min(unasked, newest) : newest;
        return Optional.of(new Parent(pretrained.get(chosen), chosen >= unasked));
    }

    private Optional<Grounds> grounds(TaskLedger task, Parent parent) {
        TaskDeclared declaration = task.declaration();
        Evidence checkpoint = Standing.evidence(
                "the pretrained checkpoint that it starts from",
                Topic.CHECKPOINTS,
                parent.checkpoint().getDigest());
        Standing standing = new Standing(
                task,
                clock.instant(),
                new Standing.Work(
                        Stage.STAGE_FINE_TUNE,
                        declaration.getRecipes().getFineTune(),
                        Optional.of(parent.checkpoint().getDigest()),
                        Standing.extentOf(task).build(),
                        List.of(Measure.LABELS),
                        task.arrivals().newestLabeled(),
                        Optional.of(new Firing("there is a new pretrained checkpoint", List.of(checkpoint)))
                                .filter(any -> parent.isNew()),
                        Optional.empty()));
        Firing first = new Firing(
                "a pretrained checkpoint and enough labels are there", List.of(checkpoint, lastLabels(task)));
        return policy(task).due(standing, first);
    }

    private static Evidence lastLabels(TaskLedger task) {
        ShardAdded last = task.labeled().get(task.labeled().size() - 1);
        return Standing.evidence(
                String.format(
                        Locale.ROOT,
                        "%,d labels, the last of them",
                        task.arrivals().labels()),
                Topic.SHARDS,
                task.name() + "/" + last.getShard().getDigest());
    }
}
