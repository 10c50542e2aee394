package dev.tutelage.platform.trigger;

import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.PromotionKind;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.gate.Assessment;
import dev.tutelage.platform.gate.PredictionSource;
import dev.tutelage.platform.ledger.TaskLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which checkpoint holds a role. Each candidate is judged once, in the order of the log, against the one that holds
 * the role then ({@link Assessment}). Who holds it is the last promotion in the log, whoever made it, so that what people
 * promote or roll back to counts. What was promoted or judged before is not judged again.
 */
public final class Gate {
    private final PredictionSource predictions;

    public Gate(PredictionSource predictions) {
        this.predictions = predictions;
    }

    /** The stages whose checkpoints compete for a role. */
    static Set<Stage> candidatesFor(Role role) {
        return switch (role) {
            case ROLE_TEACHER -> Set.of(Stage.STAGE_FINE_TUNE, Stage.STAGE_SELF_DISTILL);
            case ROLE_STUDENT -> Set.of(Stage.STAGE_DISTILL);
            case ROLE_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalArgumentException("No gate for role " + role);
        };
    }

    /**
     * The verdict on the first candidate that has none yet; the next one is judged when this is in the log, because it may
     * have changed the holder. Without candidates for the teacher's role, that of a student may be due
     * ({@link Generations}).
     *
     * @throws dev.tutelage.platform.artifact.ArtifactStoreException if the store does not answer now
     */
    public Optional<Decision> decide(TaskLedger task, Role role) {
        if (task.isPaused() || isPromotionUnread(task, role) || isHolderUnread(task, role)) {
            return Optional.empty();
        }
        Optional<CheckpointPublished> holder = holder(task, role);
        return firstUnjudged(task, role)
                .map(candidate -> new Assessment(task.declaration(), predictions).judge(role, candidate, holder))
                .<Decision>map(judged -> Decision.Judge.of(judged, PromotionKind.PROMOTION_KIND_UNSPECIFIED))
                .or(() -> role == Role.ROLE_TEACHER ? Generations.decide(task) : Optional.empty());
    }

    /** Whether nothing is about to be decided that may change who holds a role. */
    public static boolean isSettled(TaskLedger task, Role role) {
        return !isPromotionUnread(task, role)
                && !isHolderUnread(task, role)
                && firstUnjudged(task, role).isEmpty()
                && (role != Role.ROLE_TEACHER || Generations.decide(task).isEmpty());
    }

    /** Topics are read side by side: a verdict may be read before the promotion that was said with it. */
    private static boolean isPromotionUnread(TaskLedger task, Role role) {
        return task.checkpoints().stream()
                .anyMatch(checkpoint -> task.judgement(role, checkpoint.getDigest())
                                .filter(judged -> judged.getVerdict() == Verdict.VERDICT_PROMOTED)
                                .isPresent()
                        && !hasHeld(task, role, checkpoint.getDigest()));
    }

    private static boolean isHolderUnread(TaskLedger task, Role role) {
        return task.holder(role).isPresent() && holder(task, role).isEmpty();
    }

    private static Optional<CheckpointPublished> holder(TaskLedger task, Role role) {
        return task.holder(role).map(Promoted::getCheckpoint).flatMap(task::checkpoint);
    }

    private static Optional<CheckpointPublished> firstUnjudged(TaskLedger task, Role role) {
        Set<Stage> stages = candidatesFor(role);
        return task.checkpoints().stream()
                .filter(checkpoint -> stages.contains(checkpoint.getStage())
                        && task.judgement(role, checkpoint.getDigest()).isEmpty()
                        && !hasHeld(task, role, checkpoint.getDigest()))
                .findFirst();
    }

    private static boolean hasHeld(TaskLedger task, Role role, String checkpoint) {
        return task.promotionTime(role, checkpoint).isPresent();
    }

    /**
     * The checkpoints that held the role before this one took it last, each once, the one that held it last at the end.
     *
     * @param checkpoint digest of one that holds the role or has held it; before any other there is nobody
     */
    public static List<String> before(TaskLedger task, Role role, String checkpoint) {
        List<String> holders = new ArrayList<>();
        for (Promoted promoted : task.promotions(role)) {
            holders.add(promoted.getCheckpoint());
        }
        List<String> before = new ArrayList<>();
        for (String earlier : holders.subList(0, Math.max(0, holders.lastIndexOf(checkpoint)))) {
            before.remove(earlier);
            before.add(earlier);
        }
        before.remove(checkpoint);
        return List.copyOf(before);
    }
}
