package dev.tutelage.platform.trigger;

import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.ledger.TaskLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Decides which checkpoint holds a role: a candidate is promoted if its held-out top-1 is at least the task's floor and
 * better than the holder's.
 *
 * <p>Candidates are judged in the order of the log, so every gate comes to the same sequence of holders.
 */
public final class Gate {
    private static final String TOP1 = "top1";

    private Gate() {}

    /** The stages whose checkpoints compete for a role. */
    static Set<Stage> candidatesFor(Role role) {
        return switch (role) {
            case ROLE_TEACHER -> Set.of(Stage.STAGE_FINE_TUNE, Stage.STAGE_SELF_DISTILL);
            case ROLE_STUDENT -> Set.of(Stage.STAGE_DISTILL);
            case ROLE_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalArgumentException("No gate for role " + role);
        };
    }

    /** The promotion that follows from the checkpoints, if it has not been said yet. */
    public static Optional<Decision> decide(TaskLedger task, Role role) {
        return holder(task, role, task.checkpoints())
                .filter(isNews(task.holder(role)))
                .map(Decision.Promote::new);
    }

    /**
     * The last promotion that follows from some checkpoints, said or not.
     *
     * @param checkpoints of any stage, in the order of the log
     */
    public static Optional<Promoted> holder(TaskLedger task, Role role, List<CheckpointPublished> checkpoints) {
        return last(holders(task, role, checkpoints));
    }

    /**
     * The checkpoints that held the role before this one did, the first one first: always the same, whatever comes later.
     *
     * @param checkpoint digest of one that the gate promotes; of any other nothing is known
     */
    public static List<String> before(TaskLedger task, Role role, String checkpoint) {
        List<String> holders = holders(task, role, task.checkpoints()).stream()
                .map(Promoted::getCheckpoint)
                .toList();
        return holders.subList(0, Math.max(0, holders.indexOf(checkpoint)));
    }

    private static List<Promoted> holders(TaskLedger task, Role role, List<CheckpointPublished> checkpoints) {
        Set<Stage> stages = candidatesFor(role);
        List<Promoted> holders = new ArrayList<>();
        for (CheckpointPublished candidate : checkpoints) {
            if (stages.contains(candidate.getStage())) {
                judge(task, role, candidate, last(holders)).ifPresent(holders::add);
            }
        }
        return holders;
    }

    private static Optional<Promoted> last(List<Promoted> holders) {
        return holders.isEmpty() ? Optional.empty() : Optional.of(holders.get(holders.size() - 1));
    }

    private static Optional<Promoted> judge(
            TaskLedger task, Role role, CheckpointPublished candidate, Optional<Promoted> holder) {
        double top1 = top1(candidate);
        double floor = task.declaration().getPolicies().getPromotionMinTop1();
        double holderTop1 = holder.map(promotion -> promotion.getEvidence().getCandidateTop1())
                .orElse(0.0);
        if (Double.isNaN(top1) || top1 < floor || (holder.isPresent() && top1 <= holderTop1)) {
            return Optional.empty();
        }
        String reason = holder.isPresent()
                ? String.format(
                        Locale.ROOT, "held-out top-1 %.2f%% is better than the holder's %.2f%%", top1, holderTop1)
                : String.format(Locale.ROOT, "held-out top-1 %.2f%%, and the role was free", top1);
        return Optional.of(Promoted.newBuilder()
                .setTask(task.name())
                .setRole(role)
                .setCheckpoint(candidate.getDigest())
                .setPrevious(holder.map(Promoted::getCheckpoint).orElse(""))
                .setEvidence(GateEvidence.newBuilder()
                        .setCandidateTop1(top1)
                        .setHolderTop1(holderTop1)
                        .setMinTop1(floor)
                        .setReason(reason))
                .build());
    }

    private static double top1(CheckpointPublished candidate) {
        Map<String, Double> metrics = candidate.getMetricsMap();
        return metrics.getOrDefault(TOP1, 0.0);
    }

    private static Predicate<Promoted> isNews(Optional<Promoted> holder) {
        return promotion -> holder.map(Promoted::getCheckpoint)
                .filter(promotion.getCheckpoint()::equals)
                .isEmpty();
    }
}
