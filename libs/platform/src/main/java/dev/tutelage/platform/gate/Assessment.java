package dev.tutelage.platform.gate;

import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.PairedComparison;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.gate.Check.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Judges a candidate by what its task asks for, compared with the holder of the role on the same held-out images. */
public final class Assessment {
    private final TaskDeclared task;
    private final PredictionSource predictions;

    public Assessment(TaskDeclared task, PredictionSource predictions) {
        this.task = task;
        this.predictions = predictions;
    }

    /**
     * The verdict with its evidence: promoted if all that is asked for is met, rejected if something is not; if something is
     * not known, or the task wants a person's word, the candidate waits for approval.
     *
     * @param holder empty if the role is free
     * @throws dev.tutelage.platform.artifact.ArtifactStoreException if the store does not answer now
     */
    public CandidateJudged judge(Role role, CheckpointPublished checkpoint, Optional<CheckpointPublished> holder) {
        Policies policies = task.getPolicies();
        GateLimits limits = GateLimits.of(policies);
        Candidate candidate = known(checkpoint);
        Optional<Candidate> other = holder.map(this::known);
        Optional<PairedComparison> comparison = candidate.predictions().flatMap(one -> other.flatMap(
                        Candidate::predictions)
                .map(two -> McNemar.compare(one, two, limits.confidence())));
        List<Check> checks = new Checks(limits, candidate, other, comparison, task.getClassesList()).all();
        Verdict verdict = verdict(checks, limits.manual());
        GateEvidence.Builder evidence = evidence(candidate, other, limits)
                .setReason(reason(verdict, checks, candidate, other))
                .addAllChecks(checks.stream().map(Check::fact).toList());
        comparison.filter(found -> found.getImages() > 0).ifPresent(evidence::setComparison);
        return CandidateJudged.newBuilder()
                .setTask(task.getTask())
                .setRole(role)
                .setCheckpoint(checkpoint.getDigest())
                .setHolder(holder.map(CheckpointPublished::getDigest).orElse(""))
                .setVerdict(verdict)
                .setEvidence(evidence)
                .build();
    }

    private Candidate known(CheckpointPublished checkpoint) {
        return new Candidate(checkpoint, predictions.of(checkpoint));
    }

    private static Verdict verdict(List<Check> checks, boolean manual) {
        if (any(checks, Outcome.FAILED)) {
            return Verdict.VERDICT_REJECTED;
        }
        return manual || any(checks, Outcome.UNKNOWN) ? Verdict.VERDICT_AWAITING_APPROVAL : Verdict.VERDICT_PROMOTED;
    }

    private static boolean any(List<Check> checks, Outcome outcome) {
        return checks.stream().anyMatch(check -> check.outcome() == outcome);
    }

    private static GateEvidence.Builder evidence(Candidate candidate, Optional<Candidate> holder, GateLimits limits) {
        GateEvidence.Builder evidence = GateEvidence.newBuilder()
                .setCandidateTop1(candidate.top1().orElse(0))
                .setMinTop1(limits.minTop1())
                .setCandidateCalibrationError(candidate.calibrationError().orElse(0))
                .setCandidateBytes((long) candidate.modelBytes().orElse(0))
                .setCandidateLatencyMillis(candidate.latencyMillis().orElse(0));
        candidate.predictions().map(Predictions::classRecall).ifPresent(evidence::addAllCandidateClassRecall);
        holder.ifPresent(known -> {
            evidence.setHolderTop1(known.top1().orElse(0))
                    .setHolderCalibrationError(known.calibrationError().orElse(0));
            known.predictions().map(Predictions::classRecall).ifPresent(evidence::addAllHolderClassRecall);
        });
        return evidence;
    }

    private static String reason(Verdict verdict, List<Check> checks, Candidate candidate, Optional<Candidate> holder) {
        double top1 = candidate.top1().orElse(Double.NaN);
        String good = holder.isPresent()
                ? String.format(
                        Locale.ROOT,
                        "held-out top-1 %.2f%% is better than the holder's %.2f%%: %s",
                        top1,
                        holder.get().top1().orElse(Double.NaN),
                        details(checks, Outcome.PASSED, "better than the holder"))
                : String.format(Locale.ROOT, "held-out top-1 %.2f%%, and the role was free", top1);
        if (verdict == Verdict.VERDICT_REJECTED) {
            return details(checks, Outcome.FAILED, "");
        }
        if (any(checks, Outcome.UNKNOWN)) {
            return "a person has to say: " + details(checks, Outcome.UNKNOWN, "");
        }
        return verdict == Verdict.VERDICT_PROMOTED ? good : "a person has to say, as the task wants: " + good;
    }

    /** @param name of the only check that counts; empty for all */
    private static String details(List<Check> checks, Outcome outcome, String name) {
        return checks.stream()
                .filter(check -> check.outcome() == outcome
                        && (name.isEmpty() || check.name().equals(name)))
                .map(Check::detail)
                .collect(Collectors.joining("; "));
    }
}
