package dev.tutelage.cli.verify;

import dev.tutelage.cli.verify.Finding.Kind;
import dev.tutelage.cli.verify.TaskRuns.Timed;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.PromotionKind;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether the promotions of one task to one role are a chain: each takes the role from who held it, the gate's only by
 * being better, and each with a judgement that says so.
 *
 * <p>The gate of earlier versions said no judgements. One is asked for from the moment that the task's first was said.
 */
final class PromotionCheck {
    private final TaskRuns facts;
    private final Role role;
    private final TaskReport.Tally tally;

    PromotionCheck(TaskRuns facts, Role role, TaskReport.Tally tally) {
        this.facts = facts;
        this.role = role;
        this.tally = tally;
    }

    void run() {
        Optional<Promoted> last = Optional.empty();
        for (Timed<Promoted> said : facts.promotions(role)) {
            // Two triggers may say the same promotion; in a row it is one, as the ledger has it.
            if (last.filter(said.fact()::equals).isPresent()) {
                continue;
            }
            tally.promotion();
            check(said, last.map(Promoted::getCheckpoint).orElse(""));
            last = Optional.of(said.fact());
        }
        facts.judgements(role).forEach(this::check);
    }

    private void check(Timed<Promoted> said, String holder) {
        Promoted promoted = said.fact();
        List<String> problems = new ArrayList<>();
        if (!promoted.getPrevious().equals(holder)) {
            problems.add("it says that it takes the role from " + named(promoted.getPrevious()) + ", which "
                    + named(holder) + " held");
        }
        if (promoted.getKind() == PromotionKind.PROMOTION_KIND_UNSPECIFIED) {
            unmet(promoted).ifPresent(problems::add);
            if (isJudgementDue(said) && !isJudgedGood(promoted)) {
                problems.add("no judgement of the gate says that it is promoted");
            }
        }
        find(
                Kind.UNFOUNDED,
                promoted.getCheckpoint(),
                said,
                problems,
                "Look for who says promotions beside the gate; give the role to the right one with"
                        + " tutelage promote or tutelage rollback");
        if (!facts.hasCheckpoint(promoted.getCheckpoint())) {
            find(
                    Kind.ORPHANED,
                    promoted.getCheckpoint(),
                    said,
                    List.of("the checkpoint was never published for the task"),
                    "Give the role to another with tutelage promote, or restore the topics from one backup");
        }
    }

    private static String named(String checkpoint) {
        return checkpoint.isEmpty() ? "nobody" : "checkpoint " + checkpoint;
    }

    /** What the gate's evidence says against its promotion. */
    private static Optional<String> unmet(Promoted promoted) {
        GateEvidence evidence = promoted.getEvidence();
        if (evidence.getCandidateTop1() < evidence.getMinTop1()) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "its held-out top-1 of %.2f%% is below the task's floor of %.2f%%",
                    evidence.getCandidateTop1(),
                    evidence.getMinTop1()));
        }
        if (promoted.getPrevious().isEmpty() || isBetter(evidence)) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "its held-out top-1 of %.2f%% is no better than the holder's %.2f%%",
                evidence.getCandidateTop1(),
                evidence.getHolderTop1()));
    }

    /** On the images that both have seen, where it is known; otherwise each on its own. */
    private static boolean isBetter(GateEvidence evidence) {
        return evidence.hasComparison()
                ? evidence.getComparison().getCandidateOnly()
                        > evidence.getComparison().getHolderOnly()
                : evidence.getCandidateTop1() > evidence.getHolderTop1();
    }

    private boolean isJudgementDue(Timed<Promoted> said) {
        return facts.judgements(role).stream()
                .map(Timed::time)
                .min(Instant::compareTo)
                .filter(first -> said.time().isAfter(first))
                .isPresent();
    }

    private boolean isJudgedGood(Promoted promoted) {
        return facts.judgements(role).stream()
                .map(Timed::fact)
                .anyMatch(judged -> judged.getCheckpoint().equals(promoted.getCheckpoint())
                        && judged.getVerdict() == Verdict.VERDICT_PROMOTED);
    }

    private void check(Timed<CandidateJudged> said) {
        CandidateJudged judged = said.fact();
        List<String> problems = new ArrayList<>();
        for (String named : List.of(judged.getCheckpoint(), judged.getHolder())) {
            if (!named.isEmpty() && !facts.hasCheckpoint(named)) {
                problems.add("checkpoint " + named + " was never published for the task");
            }
        }
        boolean promoted = facts.promotions(role).stream()
                .anyMatch(one -> one.fact().getCheckpoint().equals(judged.getCheckpoint()));
        if (judged.getVerdict() == Verdict.VERDICT_PROMOTED && !promoted) {
            problems.add("the gate has judged that it is promoted, and no promotion says so");
        }
        find(
                Kind.ORPHANED,
                judged.getCheckpoint(),
                said,
                problems,
                "Look for who says judgements beside the gate, or restore the topics from one backup");
    }

    private void find(Kind kind, String checkpoint, Timed<?> said, List<String> problems, String remedy) {
        if (!problems.isEmpty()) {
            tally.find(
                    kind,
                    role.name().replace("ROLE_", "").toLowerCase(Locale.ROOT) + " " + checkpoint,
                    List.of(said.place().toString()),
                    String.join("; ", problems),
                    remedy);
        }
    }
}
