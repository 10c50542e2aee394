package dev.tutelage.platform.ledger;

import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which checkpoints have held the roles of a task, and what the gate said about those that competed for them. */
final class RoleHistory {
    private final Map<Role, List<Promoted>> promotions = new EnumMap<>(Role.class);
    private final Map<Role, Taken> newest = new EnumMap<>(Role.class);
    private final Map<Candidate, Instant> firstPromoted = new HashMap<>();
    private final Map<Candidate, CandidateJudged> judgements = new HashMap<>();

    private int taken;

    private record Candidate(Role role, String checkpoint) {}

    /**
     * When a role was taken.
     *
     * @param number of the promotion among those to all roles: they are on one topic, so everyone finds the same
     */
    private record Taken(Instant said, int number) {}

    /** The same promotion said twice in a row is one. */
    void add(Promoted promoted, Instant said) {
        firstPromoted.putIfAbsent(new Candidate(promoted.getRole(), promoted.getCheckpoint()), said);
        if (!holder(promoted.getRole()).filter(promoted::equals).isPresent()) {
            promotions
                    .computeIfAbsent(promoted.getRole(), none -> new ArrayList<>())
                    .add(promoted);
            newest.put(promoted.getRole(), new Taken(said, taken++));
        }
    }

    /** The gate judges once; what a person says of one that waits for that is the last word. */
    void add(CandidateJudged judged) {
        judgements.merge(
                new Candidate(judged.getRole(), judged.getCheckpoint()),
                judged,
                (known, said) -> isAwaiting(known) && !said.getBy().isEmpty() ? said : known);
    }

    private static boolean isAwaiting(CandidateJudged judged) {
        return judged.getVerdict() == Verdict.VERDICT_AWAITING_APPROVAL;
    }

    boolean isAwaitingApproval(Role role, String checkpoint) {
        return judgement(role, checkpoint).filter(RoleHistory::isAwaiting).isPresent()
                && firstPromoted(role, checkpoint).isEmpty();
    }

    List<Promoted> promotions(Role role) {
        return List.copyOf(promotions.getOrDefault(role, List.of()));
    }

    Optional<Promoted> holder(Role role) {
        List<Promoted> all = promotions.getOrDefault(role, List.of());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    Optional<Instant> holderSince(Role role) {
        return Optional.ofNullable(newest.get(role)).map(Taken::said);
    }

    boolean isPromotedAfter(Role role, Role other) {
        Optional<Integer> one = Optional.ofNullable(newest.get(role)).map(Taken::number);
        Optional<Integer> two = Optional.ofNullable(newest.get(other)).map(Taken::number);
        return one.isPresent() && (two.isEmpty() || one.get() > two.get());
    }

    Optional<Instant> firstPromoted(Role role, String checkpoint) {
        return Optional.ofNullable(firstPromoted.get(new Candidate(role, checkpoint)));
    }

    Optional<CandidateJudged> judgement(Role role, String checkpoint) {
        return Optional.ofNullable(judgements.get(new Candidate(role, checkpoint)));
    }
}
