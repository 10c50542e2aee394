package dev.tutelage.student;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Evidence;
import dev.tutelage.event.v1.Extent;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.recipe.DistillRecipe;
import dev.tutelage.learning.recipe.DistillRecipe.TeacherLogits;
import dev.tutelage.learning.recipe.Recipes;
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
import dev.tutelage.platform.trigger.Relabeling;
import dev.tutelage.platform.trigger.Trigger;
import dev.tutelage.stages.StoredPredictions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Distillation is due once the teacher has dealt with enough images, and with all of those that it labels again: labeled
 * them, or found them unusable. It is due again for each new teacher, or as the task's policy says, and is of all that the
 * teacher has dealt with by then. The gate decides which distilled checkpoint is the student. Where the task selects by agreement,
 * earlier teachers must have dealt with the shards too.
 *
 * <p>Where the task wants it, the fine-tuned teacher is first distilled to its own kind. If the result is the better
 * teacher it takes over, and the student learns from that (arXiv 2006.10029, section 2).
 */
@ApplicationScoped
public class DistillTrigger implements Trigger {
    private final Map<String, Coverage> coverages = new HashMap<>();
    private final Gate gate;
    private final Clock clock;

    @Inject
    public DistillTrigger(ArtifactStore store) {
        this(new Gate(new StoredPredictions(store)), Clock.systemUTC());
    }

    DistillTrigger(Gate gate, Clock clock) {
        this.gate = gate;
        this.clock = clock;
    }

    /** A teacher, how far it has come, and what is learned from it by which recipe. */
    private record Lesson(
            CheckpointPublished teacher, Coverage coverage, Stage stage, String text, DistillRecipe recipe) {

        boolean isLive() {
            return recipe.teacher() == TeacherLogits.LIVE;
        }

        String digest() {
            return teacher.getDigest();
        }
    }

    @Override
    public List<Decision> decide(TaskLedger task) {
        List<Decision> decisions = new ArrayList<>();
        settledTeacher(task)
                .flatMap(teacher ->
                        task.checkpoint(teacher.getCheckpoint()).map(checkpoint -> lesson(task, teacher, checkpoint)))
                .filter(lesson -> isReady(task, lesson))
                .flatMap(lesson -> distillation(task, lesson))
                .ifPresent(decisions::add);
        gate.decide(task, Role.ROLE_STUDENT).ifPresent(decisions::add);
        return decisions;
    }

    @Override
    public boolean watchesTheClock(TaskLedger task) {
        return policy(task).watchesTheClock();
    }

    private static RetrainPolicy policy(TaskLedger task) {
        return RetrainPolicy.of(task.declaration(), Stage.STAGE_DISTILL);
    }

    /** The holder, unless another one is about to take over. */
    private static Optional<Promoted> settledTeacher(TaskLedger task) {
        return Gate.isSettled(task, Role.ROLE_TEACHER) ? task.holder(Role.ROLE_TEACHER) : Optional.empty();
    }

    private Lesson lesson(TaskLedger task, Promoted teacher, CheckpointPublished checkpoint) {
        dev.tutelage.event.v1.Recipes recipes = task.declaration().getRecipes();
        boolean self = awaitsSelfDistillation(task, checkpoint);
        String text = self ? recipes.getSelfDistill() : recipes.getDistill();
        // A recipe that cannot be read is asked for as any: the worker refuses it where people find that.
        DistillRecipe recipe = Recipes.DISTILL.readable(text).orElseGet(() -> Recipes.DISTILL.preset("quick"));
        Coverage coverage = coverages.merge(
                task.name(), Coverage.of(teacher, task), (known, other) -> known.isLike(other) ? known : other);
        coverage.goOn(task);
        return new Lesson(checkpoint, coverage, self ? Stage.STAGE_SELF_DISTILL : Stage.STAGE_DISTILL, text, recipe);
    }

    private static boolean awaitsSelfDistillation(TaskLedger task, CheckpointPublished teacher) {
        return !task.declaration().getRecipes().getSelfDistill().isEmpty()
                && teacher.getStage() == Stage.STAGE_FINE_TUNE
                && task.checkpoints(Stage.STAGE_SELF_DISTILL).stream()
                        .noneMatch(distilled -> distilled.getParent().equals(teacher.getDigest()))
                && task.failed(Stage.STAGE_SELF_DISTILL, teacher.getDigest()).isEmpty();
    }

    /** Whether there is what a distillation needs at all. */
    private static boolean isReady(TaskLedger task, Lesson lesson) {
        long enough = task.declaration().getPolicies().getDistillMinImages();
        if (lesson.isLive()) {
            return LogPrefix.holding(enough, taught(task)).isPresent();
        }
        Coverage coverage = lesson.coverage();
        int live = task.holder(Role.ROLE_TEACHER)
                .map(teacher -> Relabeling.by(teacher, task).live())
                .orElse(Integer.MAX_VALUE);
        return coverage.labeledShards() > 0 && coverage.images() >= enough && coverage.reaches(live);
    }

    /** The shards that the teacher labels. */
    private static List<ShardAdded> taught(TaskLedger task) {
        return task.holder(Role.ROLE_TEACHER)
                .map(teacher -> Relabeling.by(teacher, task).shards(task))
                .orElse(List.of());
    }

    private Optional<Decision> distillation(TaskLedger task, Lesson lesson) {
        Optional<Grounds> grounds =
                lesson.stage() == Stage.STAGE_SELF_DISTILL ? selfDistill(task, lesson) : distill(task, lesson);
        return grounds.flatMap(known -> dataset(task, lesson)
                .map(dataset -> Decision.Request.training(
                        task.name(),
                        lesson.stage(),
                        Optional.of(lesson.digest()),
                        dataset,
                        lesson.text(),
                        start(task, lesson),
                        known)));
    }

    /** Once for each teacher and recipe. */
    private static Optional<Grounds> selfDistill(TaskLedger task, Lesson lesson) {
        boolean asked = task.requests(Stage.STAGE_SELF_DISTILL).stream()
                .anyMatch(request -> request.getParent().equals(lesson.digest())
                        && request.getRecipe().equals(lesson.text()));
        return asked
                ? Optional.empty()
                : Optional.of(
                        new Grounds(reason(task, lesson), extent(task, lesson), List.of(promotion(task)), List.of()));
    }

    private Optional<Grounds> distill(TaskLedger task, Lesson lesson) {
        List<Measure> learnsFrom = new ArrayList<>();
        learnsFrom.add(lesson.isLive() ? Measure.UNLABELED_IMAGES : Measure.SOFT_LABELS);
        if (lesson.recipe().usesLabels()) {
            learnsFrom.add(Measure.LABELS);
        }
        boolean asked = task.requests(Stage.STAGE_DISTILL).stream()
                .map(RunRequested::getParent)
                .anyMatch(lesson.digest()::equals);
        Standing standing = new Standing(
                task,
                clock.instant(),
                new Standing.Work(
                        Stage.STAGE_DISTILL,
                        lesson.text(),
                        Optional.of(lesson.digest()),
                        extent(task, lesson),
                        learnsFrom,
                        lesson.isLive()
                                ? task.arrivals().newestUnlabeled()
                                : task.arrivals().newestSoftLabels(lesson.digest()),
                        Optional.of(new Firing("there is a new teacher", List.of(promotion(task))))
                                .filter(any -> !asked),
                        task.reselected()));
        return policy(task).due(standing, new Firing(reason(task, lesson), List.of(promotion(task))));
    }

    private static Evidence promotion(TaskLedger task) {
        return Standing.evidence("the teacher's promotion", Topic.PROMOTIONS, task.name() + "/teacher");
    }

    private static Extent extent(TaskLedger task, Lesson lesson) {
        return Standing.extentOf(task)
                .setSoftLabeledShards(lesson.coverage().labeledShards())
                .setSoftLabels(lesson.coverage().softLabels())
                .build();
    }

    private static String reason(TaskLedger task, Lesson lesson) {
        return lesson.isLive()
                ? "there is a teacher for " + taught(task).size() + " shards"
                : "the teacher's soft labels of " + lesson.coverage().labeledShards() + " shards are there";
    }

    private static Optional<Dataset> dataset(TaskLedger task, Lesson lesson) {
        TaskDeclared declaration = task.declaration();
        boolean usesLabels = lesson.recipe().usesLabels();
        boolean tooFewLabels = usesLabels
                && LogPrefix.holding(declaration.getPolicies().getFineTuneMinLabels(), task.labeled())
                        .isEmpty();
        List<ShardAdded> labeled = usesLabels ? task.labeled() : List.of();
        return LogPrefix.holding(declaration.getPolicies().getEvaluationMinImages(), task.heldOut())
                .filter(heldOut -> !tooFewLabels)
                .map(heldOut -> lesson.isLive()
                        ? Dataset.of(declaration, taught(task), heldOut, List.of(), labeled)
                        : ofStored(task, lesson.coverage(), heldOut, labeled));
    }

    private static Dataset ofStored(
            TaskLedger task, Coverage coverage, List<ShardAdded> heldOut, List<ShardAdded> labeled) {
        List<ShardAdded> shards = coverage.labeled(task);
        return Dataset.of(task.declaration(), shards, heldOut, coverage.labels(task, shards), labeled)
                .selecting(task.declaration().getSelection(), coverage.earlierLabels(task, shards));
    }

    private static Optional<String> start(TaskLedger task, Lesson lesson) {
        return switch (lesson.recipe().start()) {
            case RANDOM -> Optional.empty();
            case PRETRAINED -> pretrainedAncestor(task, lesson.teacher());
            case PREVIOUS_STUDENT -> task.holder(Role.ROLE_STUDENT).map(Promoted::getCheckpoint);
        };
    }

    private static Optional<String> pretrainedAncestor(TaskLedger task, CheckpointPublished checkpoint) {
        Optional<CheckpointPublished> ancestor = Optional.of(checkpoint);
        while (ancestor.isPresent() && ancestor.get().getStage() != Stage.STAGE_PRETRAIN) {
            ancestor = task.checkpoint(ancestor.get().getParent());
        }
        return ancestor.map(CheckpointPublished::getDigest);
    }
}
