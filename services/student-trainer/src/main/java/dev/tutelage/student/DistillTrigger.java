package dev.tutelage.student;

import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.recipe.DistillRecipe;
import dev.tutelage.learning.recipe.DistillRecipe.TeacherLogits;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.platform.ledger.LogPrefix;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.trigger.Decision;
import dev.tutelage.platform.trigger.Gate;
import dev.tutelage.platform.trigger.Relabeling;
import dev.tutelage.platform.trigger.Trigger;
import dev.tutelage.stages.EarlierTeachers;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Distillation is due once the teacher has dealt with the first shards that hold enough images: labeled them, or found
 * them unusable. The best distilled checkpoint becomes the student. Where the task selects by agreement, earlier teachers
 * must have dealt with the shards too.
 *
 * <p>Where the task wants it, the fine-tuned teacher is first distilled to its own kind. If the result is the better
 * teacher it takes over, and the student learns from that (arXiv 2006.10029, section 2).
 */
@ApplicationScoped
public class DistillTrigger implements Trigger {

    @Override
    public List<Decision> decide(TaskLedger task) {
        List<Decision> decisions = new ArrayList<>();
        settledTeacher(task).ifPresent(teacher -> {
            Stage stage = awaitsSelfDistillation(task, teacher) ? Stage.STAGE_SELF_DISTILL : Stage.STAGE_DISTILL;
            distillation(task, teacher, stage).ifPresent(decisions::add);
        });
        Gate.decide(task, Role.ROLE_STUDENT).ifPresent(decisions::add);
        return decisions;
    }

    /** The holder, unless another one is about to take over. */
    private static Optional<CheckpointPublished> settledTeacher(TaskLedger task) {
        if (Gate.decide(task, Role.ROLE_TEACHER).isPresent()) {
            return Optional.empty();
        }
        return task.holder(Role.ROLE_TEACHER).map(Promoted::getCheckpoint).flatMap(task::checkpoint);
    }

    private static boolean awaitsSelfDistillation(TaskLedger task, CheckpointPublished teacher) {
        return !task.declaration().getRecipes().getSelfDistill().isEmpty()
                && teacher.getStage() == Stage.STAGE_FINE_TUNE
                && task.checkpoints(Stage.STAGE_SELF_DISTILL).stream()
                        .noneMatch(distilled -> distilled.getParent().equals(teacher.getDigest()))
                && task.failed(Stage.STAGE_SELF_DISTILL, teacher.getDigest()).isEmpty();
    }

    private static Optional<Decision> distillation(TaskLedger task, CheckpointPublished teacher, Stage stage) {
        TaskDeclared declaration = task.declaration();
        String recipe = stage == Stage.STAGE_SELF_DISTILL
                ? declaration.getRecipes().getSelfDistill()
                : declaration.getRecipes().getDistill();
        // A recipe that cannot be read is asked for as any: the worker refuses it where people find that.
        DistillRecipe wanted = Recipes.DISTILL.readable(recipe).orElseGet(() -> Recipes.DISTILL.preset("quick"));
        return dataset(task, teacher.getDigest(), wanted)
                .map(dataset -> new Decision.Request(
                        task.name(),
                        stage,
                        Optional.of(teacher.getDigest()),
                        new Decision.Input.OfDataset(dataset),
                        recipe,
                        start(task, teacher, wanted),
                        reason(dataset, wanted)));
    }

    private static String reason(Dataset dataset, DistillRecipe recipe) {
        return recipe.teacher() == TeacherLogits.STORED
                ? "the teacher's soft labels of " + dataset.shards().size() + " shards are there"
                : "there is a teacher for " + dataset.shards().size() + " shards";
    }

    private static Optional<Dataset> dataset(TaskLedger task, String teacher, DistillRecipe recipe) {
        TaskDeclared declaration = task.declaration();
        Optional<List<ShardAdded>> prefix =
                LogPrefix.holding(declaration.getPolicies().getDistillMinImages(), taught(task));
        Optional<List<ShardAdded>> heldOut =
                LogPrefix.holding(declaration.getPolicies().getEvaluationMinImages(), task.heldOut());
        Optional<List<ShardAdded>> labeled = recipe.usesLabels()
                ? LogPrefix.holding(declaration.getPolicies().getFineTuneMinLabels(), task.labeled())
                : Optional.of(List.of());
        if (prefix.isEmpty() || heldOut.isEmpty() || labeled.isEmpty()) {
            return Optional.empty();
        }
        if (recipe.teacher() == TeacherLogits.LIVE) {
            return Optional.of(Dataset.of(declaration, prefix.get(), heldOut.get(), List.of(), labeled.get()));
        }
        return labeledPrefix(task, teacher, prefix.get())
                .filter(known -> !known.shards().isEmpty())
                .flatMap(known -> earlierLabels(task, teacher, known.shards()).map(earlier -> Dataset.of(
                                declaration, known.shards(), heldOut.get(), known.labels(), labeled.get())
                        .selecting(declaration.getSelection(), earlier)));
    }

    /** What the earlier teachers that the selection asks say of the shards; empty while one has not dealt with them all. */
    private static Optional<List<SoftLabelsAdded>> earlierLabels(
            TaskLedger task, String teacher, List<ShardAdded> shards) {
        List<SoftLabelsAdded> labels = new ArrayList<>();
        for (String earlier : EarlierTeachers.askedBeside(task, teacher)) {
            Optional<SoftLabeled> known = labeledPrefix(task, earlier, shards);
            if (known.isEmpty()) {
                return Optional.empty();
            }
            labels.addAll(known.get().labels());
        }
        return Optional.of(labels);
    }

    /** The shards that the teacher labels. */
    private static List<ShardAdded> taught(TaskLedger task) {
        return task.holder(Role.ROLE_TEACHER)
                .map(teacher -> Relabeling.by(teacher, task).shards(task))
                .orElse(List.of());
    }

    private record SoftLabeled(List<ShardAdded> shards, List<SoftLabelsAdded> labels) {}

    /** The shards of the prefix with their soft labels, without those found unusable; empty while some are not labeled. */
    private static Optional<SoftLabeled> labeledPrefix(TaskLedger task, String teacher, List<ShardAdded> prefix) {
        Set<String> unusable = unusableShards(task, teacher);
        List<ShardAdded> shards = new ArrayList<>();
        List<SoftLabelsAdded> labels = new ArrayList<>();
        for (ShardAdded shard : prefix) {
            Optional<SoftLabelsAdded> known = task.softLabels(shard.getShard().getDigest(), teacher);
            if (known.isPresent()) {
                // A teacher that has its role again may have labels that are removed; it does not label twice.
                if (!task.isExpired(known.get().getLogits().getDigest())) {
                    shards.add(shard);
                    labels.add(known.get());
                }
            } else if (!unusable.contains(shard.getShard().getDigest())) {
                return Optional.empty();
            }
        }
        return Optional.of(new SoftLabeled(shards, labels));
    }

    private static Set<String> unusableShards(TaskLedger task, String teacher) {
        return task.failed(Stage.STAGE_LABEL, teacher).stream()
                .map(RunChanged::getDataset)
                .collect(Collectors.toSet());
    }

    private static Optional<String> start(TaskLedger task, CheckpointPublished teacher, DistillRecipe recipe) {
        return switch (recipe.start()) {
            case RANDOM -> Optional.empty();
            case PRETRAINED -> pretrainedAncestor(task, teacher);
            case PREVIOUS_STUDENT -> previousStudent(task, teacher);
        };
    }

    private static Optional<String> pretrainedAncestor(TaskLedger task, CheckpointPublished checkpoint) {
        Optional<CheckpointPublished> ancestor = Optional.of(checkpoint);
        while (ancestor.isPresent() && ancestor.get().getStage() != Stage.STAGE_PRETRAIN) {
            ancestor = task.checkpoint(ancestor.get().getParent());
        }
        return ancestor.map(CheckpointPublished::getDigest);
    }

    /** The student that held the role when this teacher's checkpoint came: every trigger finds the same one. */
    private static Optional<String> previousStudent(TaskLedger task, CheckpointPublished teacher) {
        List<CheckpointPublished> all = task.checkpoints();
        List<CheckpointPublished> before = all.subList(0, all.indexOf(teacher));
        return Gate.holder(task, Role.ROLE_STUDENT, before).map(Promoted::getCheckpoint);
    }
}
