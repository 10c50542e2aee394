package dev.tutelage.control.role;

import dev.tutelage.control.checkpoint.TaskCheckpoints;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.PromotionKind;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.platform.ledger.TaskLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Gives a role of a task to a checkpoint because a person wants it. Each method throws an {@link IllegalArgumentException}
 * that says what is wrong and what to do instead.
 *
 * @param by who wants it
 */
public record RoleChange(TaskLedger task, HeldRole held, String by) {
    /** Digits of a digest that tell checkpoints apart for people. */
    private static final int SHORT = 12;

    /**
     * Gives the role to a checkpoint.
     *
     * @param prefix of its digest; empty: the one that waits for approval
     */
    public Promoted promote(Optional<String> prefix, Optional<String> reason) {
        CheckpointPublished checkpoint = prefix.isPresent() ? classifier(prefix.get()) : waiting();
        Optional<CandidateJudged> awaited = task.judgement(held.role(), checkpoint.getDigest())
                .filter(judged -> judged.getVerdict() == Verdict.VERDICT_AWAITING_APPROVAL);
        GateEvidence known = awaited.map(CandidateJudged::getEvidence).orElseGet(() -> evidence(checkpoint));
        return promotion(
                checkpoint, PromotionKind.PROMOTION_KIND_MANUAL, known, reason.orElse("someone asked for it by hand"));
    }

    /**
     * Gives the role back to a checkpoint that held it.
     *
     * @param prefix of its digest; empty: the one that held the role before the present one
     */
    public Promoted rollback(Optional<String> prefix, Optional<String> reason) {
        List<Promoted> promotions = task.promotions(held.role());
        if (promotions.isEmpty()) {
            throw new IllegalArgumentException("Task '" + task.name() + "' has no " + held.text() + " yet");
        }
        String digest = prefix.isPresent() ? earlier(prefix.get(), promotions) : before(promotions);
        CheckpointPublished checkpoint = task.checkpoint(digest)
                .orElseThrow(() -> new IllegalArgumentException("Nothing is known of checkpoint " + digest
                        + ", which held the role: its CheckpointPublished is not in the log"));
        return promotion(
                checkpoint,
                PromotionKind.PROMOTION_KIND_ROLLBACK,
                evidence(checkpoint),
                reason.orElse("someone rolled back by hand"));
    }

    /**
     * Says no to a checkpoint that waits for approval.
     *
     * @param prefix of its digest
     * @return what is to be said of it; what was said, if a person rejected it before
     */
    public CandidateJudged reject(String prefix, Optional<String> reason) {
        String digest = only(prefix, digests(checkpoint -> true), "has");
        CandidateJudged judged = task.judgement(held.role(), digest)
                .orElseThrow(() -> new IllegalArgumentException(notWaiting(digest) + "the gate has not judged it"));
        if (isRejectedByPerson(judged)) {
            return judged;
        } else if (!task.isAwaitingApproval(held.role(), digest)) {
            throw new IllegalArgumentException(notWaiting(digest) + whyNot(digest));
        }
        GateEvidence known = judged.getEvidence();
        return judged.toBuilder()
                .setVerdict(Verdict.VERDICT_REJECTED)
                .setEvidence(known.toBuilder().setReason(reason.orElse("someone rejected it by hand")))
                .setBy(by)
                .build();
    }

    private static boolean isRejectedByPerson(CandidateJudged judged) {
        return judged.getVerdict() == Verdict.VERDICT_REJECTED
                && !judged.getBy().isEmpty();
    }

    private String notWaiting(String digest) {
        return "Checkpoint " + shown(digest) + " of '" + task.name() + "' does not wait for approval as " + held.text()
                + ": ";
    }

    private String whyNot(String digest) {
        boolean holds = task.holder(held.role())
                .filter(holder -> holder.getCheckpoint().equals(digest))
                .isPresent();
        if (holds) {
            return "it is the " + held.text() + ". tutelage rollback takes the role from it";
        }
        return task.promotionTime(held.role(), digest).isPresent()
                ? "it has held the role before"
                : "the gate has rejected it";
    }

    private Promoted promotion(CheckpointPublished checkpoint, PromotionKind kind, GateEvidence known, String reason) {
        String holder = task.holder(held.role()).map(Promoted::getCheckpoint).orElse("");
        if (holder.equals(checkpoint.getDigest())) {
            throw new IllegalArgumentException(
                    "Checkpoint " + shown(holder) + " is the " + held.text() + " of '" + task.name() + "' already");
        }
        return Promoted.newBuilder()
                .setTask(task.name())
                .setRole(held.role())
                .setCheckpoint(checkpoint.getDigest())
                .setPrevious(holder)
                .setEvidence(known.toBuilder().setReason(reason))
                .setKind(kind)
                .setBy(by)
                .build();
    }

    private GateEvidence evidence(CheckpointPublished checkpoint) {
        return GateEvidence.newBuilder()
                .setCandidateTop1(checkpoint.getMetricsOrDefault("top1", 0))
                .setHolderTop1(task.holder(held.role())
                        .flatMap(holder -> task.checkpoint(holder.getCheckpoint()))
                        .map(holder -> holder.getMetricsOrDefault("top1", 0))
                        .orElse(0.0))
                .build();
    }

    private CheckpointPublished classifier(String prefix) {
        String digest = only(
                prefix,
                task.checkpoints().stream().map(CheckpointPublished::getDigest).toList(),
                "has");
        CheckpointPublished checkpoint = task.checkpoint(digest).orElseThrow();
        if (!TaskCheckpoints.isClassifier(checkpoint)) {
            throw new IllegalArgumentException(
                    "Checkpoint " + shown(digest) + " is no classifier with a " + Checkpoint.ONNX
                            + ", so it cannot be the " + held.text() + ". Those that can: "
                            + shown(digests(this::isClassifier)));
        }
        return checkpoint;
    }

    private boolean isClassifier(CheckpointPublished checkpoint) {
        return TaskCheckpoints.CLASSIFIERS.contains(checkpoint.getStage());
    }

    private CheckpointPublished waiting() {
        List<String> waiting = digests(checkpoint -> task.isAwaitingApproval(held.role(), checkpoint.getDigest()));
        if (waiting.size() != 1) {
            throw new IllegalArgumentException(
                    waiting.isEmpty()
                            ? "No checkpoint of '" + task.name() + "' waits for approval as " + held.text()
                                    + ". Say which one is to be it: " + shown(digests(this::isClassifier))
                            : "Several checkpoints of '" + task.name() + "' wait for approval as " + held.text()
                                    + ". Say which one is to be it: " + shown(waiting));
        }
        return task.checkpoint(waiting.get(0)).orElseThrow();
    }

    private List<String> digests(Predicate<CheckpointPublished> wanted) {
        return task.checkpoints().stream()
                .filter(wanted)
                .map(CheckpointPublished::getDigest)
                .toList();
    }

    private String earlier(String prefix, List<Promoted> promotions) {
        List<String> holders =
                promotions.stream().map(Promoted::getCheckpoint).distinct().toList();
        return only(prefix, holders, "has had as its " + held.text());
    }

    /** As an undo: who was rolled back from is forgotten, so that the next rollback goes on to the one before. */
    private String before(List<Promoted> promotions) {
        List<String> line = new ArrayList<>();
        for (Promoted promoted : promotions) {
            int place = line.lastIndexOf(promoted.getCheckpoint());
            if (promoted.getKind() == PromotionKind.PROMOTION_KIND_ROLLBACK && place >= 0) {
                line.subList(place + 1, line.size()).clear();
            } else if (line.isEmpty() || place != line.size() - 1) {
                line.add(promoted.getCheckpoint());
            }
        }
        if (line.size() < 2) {
            throw new IllegalArgumentException("No checkpoint was the " + held.text() + " of '" + task.name()
                    + "' before " + shown(line.get(0)) + ". Say which one is to be it, or use tutelage promote");
        }
        return line.get(line.size() - 2);
    }

    private String only(String prefix, List<String> digests, String has) {
        List<String> found =
                digests.stream().filter(digest -> digest.startsWith(prefix)).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(
                    found.isEmpty()
                            ? "No checkpoint that task '" + task.name() + "' " + has + " begins with " + prefix
                                    + ". There are: " + shown(digests)
                            : prefix + " is the beginning of several checkpoints: " + shown(found));
        }
        return found.get(0);
    }

    /** Who had the role and who has it now, in a sentence. */
    public String story(Promoted promoted) {
        String before =
                promoted.getPrevious().isEmpty() ? "there was none" : "it was " + described(promoted.getPrevious());
        return "The " + held.text() + " of '" + task.name() + "' is " + described(promoted.getCheckpoint()) + " now; "
                + before;
    }

    /** That a checkpoint does not get the role, and who has it, in a sentence. */
    public String story(CandidateJudged rejected) {
        String holder = task.holder(held.role())
                .map(promoted -> "that is " + described(promoted.getCheckpoint()) + " still")
                .orElse("there is none");
        return described(rejected.getCheckpoint()) + " is rejected as " + held.text() + " of '" + task.name() + "'; "
                + holder;
    }

    private String described(String digest) {
        String accuracy = task.checkpoint(digest)
                .filter(checkpoint -> checkpoint.containsMetrics("top1"))
                .map(checkpoint ->
                        String.format(Locale.ROOT, " (held-out top-1 %.2f%%)", checkpoint.getMetricsOrThrow("top1")))
                .orElse("");
        return shown(digest) + accuracy;
    }

    private static String shown(List<String> digests) {
        return digests.isEmpty()
                ? "none"
                : digests.stream().map(RoleChange::shown).collect(Collectors.joining(", "));
    }

    private static String shown(String digest) {
        return digest.substring(0, Math.min(SHORT, digest.length()));
    }
}
