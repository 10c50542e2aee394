package dev.tutelage.platform.trigger;

import dev.tutelage.event.v1.Approval;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.GateCheck;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.PromotionKind;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.ledger.TaskLedger;
import java.util.Locale;
import java.util.Optional;

/**
 * Self-training: the student becomes the next teacher if it is better than its own by what the task asks for, as often as
 * the task allows (as in Noisy Student, arXiv 1911.04252).
 *
 * <p>Each student is judged once, when it is promoted to student while its teacher is the teacher of the day. One that took
 * its role before the teacher took its own, as after a rollback, is left alone: people have decided otherwise.
 */
final class Generations {
    private static final String TOP1 = "top1";

    private Generations() {}

    /** The verdict on the student as a teacher, if it has none yet. */
    static Optional<Decision> decide(TaskLedger task) {
        int rounds = task.declaration().getPolicies().getGenerations().getRounds();
        Optional<Promoted> student = task.holder(Role.ROLE_STUDENT);
        if (rounds == 0
                || student.isEmpty()
                || task.promotionTime(Role.ROLE_TEACHER, student.get().getCheckpoint())
                        .isPresent()
                || task.judgement(Role.ROLE_TEACHER, student.get().getCheckpoint())
                        .isPresent()
                || !task.isPromotedAfter(Role.ROLE_STUDENT, Role.ROLE_TEACHER)) {
            return Optional.empty();
        }
        return task.checkpoint(student.get().getCheckpoint())
                .filter(known -> generation(task, known) <= rounds)
                .flatMap(known -> teacherOf(task, known).map(teacher -> judge(task, known, teacher)));
    }

    /** The teacher of the day, if the student learned from it. */
    private static Optional<CheckpointPublished> teacherOf(TaskLedger task, CheckpointPublished student) {
        return task.holder(Role.ROLE_TEACHER)
                .filter(teacher -> teacher.getCheckpoint().equals(student.getParent()))
                .flatMap(teacher -> task.checkpoint(teacher.getCheckpoint()));
    }

    /** The how manyth student of its line it is, from 1. */
    private static int generation(TaskLedger task, CheckpointPublished student) {
        int students = 0;
        Optional<CheckpointPublished> each = Optional.of(student);
        while (each.isPresent()) {
            students += each.get().getStage() == Stage.STAGE_DISTILL ? 1 : 0;
            each = task.checkpoint(each.get().getParent());
        }
        return students;
    }

    private static Decision judge(TaskLedger task, CheckpointPublished student, CheckpointPublished teacher) {
        double least = task.declaration().getPolicies().getGenerations().getMinGain();
        double top1 = student.getMetricsOrDefault(TOP1, 0);
        double teacherTop1 = teacher.getMetricsOrDefault(TOP1, 0);
        double gain = top1 - teacherTop1;
        boolean better = gain > 0 && gain >= least;
        int generation = generation(task, student);
        String detail = String.format(
                Locale.ROOT,
                "student %d of its line has held-out top-1 %.2f%%, its teacher %.2f%%: a gain of %.2f points (more than 0,"
                        + " and %.2f at least)",
                generation,
                top1,
                teacherTop1,
                gain,
                least);
        CandidateJudged judged = CandidateJudged.newBuilder()
                .setTask(task.name())
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint(student.getDigest())
                .setHolder(teacher.getDigest())
                .setVerdict(verdict(task, better))
                .setEvidence(GateEvidence.newBuilder()
                        .setCandidateTop1(top1)
                        .setHolderTop1(teacherTop1)
                        .setGeneration(generation)
                        .setReason(detail)
                        .addChecks(GateCheck.newBuilder()
                                .setName("gain")
                                .setValue(gain)
                                .setLimit(least)
                                .setPassed(better)
                                .setDetail(detail)))
                .build();
        return Decision.Judge.of(judged, PromotionKind.PROMOTION_KIND_GENERATION);
    }

    private static Verdict verdict(TaskLedger task, boolean better) {
        if (!better) {
            return Verdict.VERDICT_REJECTED;
        }
        boolean manual = task.declaration().getPolicies().getGate().getApproval() == Approval.APPROVAL_MANUAL;
        return manual ? Verdict.VERDICT_AWAITING_APPROVAL : Verdict.VERDICT_PROMOTED;
    }
}
