package dev.tutelage.cli.gc;

import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.ledger.TaskLedger;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether it is settled what becomes of a checkpoint: only then may it be superseded. */
final class Settled {
    private static final Set<Stage> TEACHERS = Set.of(Stage.STAGE_FINE_TUNE, Stage.STAGE_SELF_DISTILL);
    private static final Set<Stage> STUDENTS = Set.of(Stage.STAGE_DISTILL);

    private Settled() {}

    /**
     * Of a candidate for a role, whether the gate has judged it and no person is to say the last word; of a pretrained
     * checkpoint, whether fine-tuning was asked for, of it or of a later one. Both are done in the order of the log.
     */
    static boolean isSettled(TaskLedger task, CheckpointPublished checkpoint) {
        return switch (checkpoint.getStage()) {
            case STAGE_PRETRAIN -> isUsed(task, checkpoint);
            case STAGE_FINE_TUNE, STAGE_SELF_DISTILL -> isJudged(task, checkpoint, Role.ROLE_TEACHER, TEACHERS);
            case STAGE_DISTILL -> isJudged(task, checkpoint, Role.ROLE_STUDENT, STUDENTS);
            case STAGE_SUPERVISED, STAGE_LABEL, STAGE_UNSPECIFIED, UNRECOGNIZED -> true;
        };
    }

    private static boolean isUsed(TaskLedger task, CheckpointPublished checkpoint) {
        return from(task, checkpoint, Set.of(Stage.STAGE_PRETRAIN)).stream()
                .anyMatch(later -> task.requests(Stage.STAGE_FINE_TUNE).stream()
                        .anyMatch(request -> request.getParent().equals(later.getDigest())));
    }

    private static boolean isJudged(TaskLedger task, CheckpointPublished checkpoint, Role role, Set<Stage> rivals) {
        Optional<Verdict> verdict = task.judgement(role, checkpoint.getDigest()).map(CandidateJudged::getVerdict);
        if (verdict.isPresent()) {
            return verdict.get() == Verdict.VERDICT_REJECTED || verdict.get() == Verdict.VERDICT_PROMOTED;
        }
        // Older versions say promotions alone.
        return from(task, checkpoint, rivals).stream()
                .map(CheckpointPublished::getDigest)
                .anyMatch(later -> task.judgement(role, later).isPresent()
                        || task.promotions(role).stream()
                                .map(Promoted::getCheckpoint)
                                .anyMatch(later::equals));
    }

    /** This one and the later ones of these stages. */
    private static List<CheckpointPublished> from(TaskLedger task, CheckpointPublished first, Set<Stage> stages) {
        List<CheckpointPublished> all = task.checkpoints();
        return all.subList(all.indexOf(first), all.size()).stream()
                .filter(checkpoint -> stages.contains(checkpoint.getStage()))
                .toList();
    }
}
