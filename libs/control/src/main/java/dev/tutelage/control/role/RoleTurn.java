package dev.tutelage.control.role;

import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.NotPublishedException;
import dev.tutelage.platform.log.PlacedFact;
import dev.tutelage.platform.trigger.Turn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/**
 * Gives a role by hand among the triggers that give it too: in a turn of theirs, on all that was said by then. So a role is
 * never taken from a holder who had lost it meanwhile.
 */
public final class RoleTurn {
    private static final int ATTEMPTS = 10;

    private final Turn turn;
    private final Role role;
    private final Function<Ledger, TaskLedger> task;
    private final Ledger ledger = new Ledger();
    private final Map<TopicPartition, Long> next = new HashMap<>();

    /**
     * @param turn of the service that judges candidates for the role
     * @param task finds the task, or throws
     */
    public RoleTurn(Turn turn, Role role, Function<Ledger, TaskLedger> task) {
        this.turn = turn;
        this.role = role;
        this.task = task;
    }

    /**
     * Says the promotion that is wanted, once.
     *
     * @param wanted is asked again when a trigger has decided meanwhile
     * @throws NotPublishedException if it is not known to be said
     */
    public Promoted say(Function<TaskLedger, Promoted> wanted) throws NotPublishedException {
        int before = 0;
        Optional<Promoted> tried = Optional.empty();
        for (int attempt = 1; ; attempt++) {
            TaskLedger known = known();
            List<Promoted> promotions = known.promotions(role);
            if (tried.filter(promotions.subList(before, promotions.size())::contains)
                    .isPresent()) {
                // Only the answer was lost. A rollback that is said again would go back twice.
                return tried.get();
            }
            before = promotions.size();
            Promoted promoted = wanted.apply(known);
            tried = Optional.of(promoted);
            try {
                turn.say(List.of(promoted));
                return promoted;
            } catch (NotPublishedException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /**
     * Says the rejection that is wanted, unless it was said before.
     *
     * @param wanted is asked again when a trigger has decided meanwhile
     * @throws NotPublishedException if it is not known to be said
     */
    public Rejection reject(Function<TaskLedger, CandidateJudged> wanted) throws NotPublishedException {
        for (int attempt = 1; ; attempt++) {
            TaskLedger known = known();
            CandidateJudged judged = wanted.apply(known);
            if (known.judgement(role, judged.getCheckpoint())
                    .filter(judged::equals)
                    .isPresent()) {
                // Before this turn, or in it where only the answer was lost.
                return new Rejection(judged, attempt > 1);
            }
            try {
                turn.say(List.of(judged));
                return new Rejection(judged, true);
            } catch (NotPublishedException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /**
     * What a person said of a candidate.
     *
     * @param news whether it was not said before
     */
    public record Rejection(CandidateJudged judged, boolean news) {}

    private TaskLedger known() throws NotPublishedException {
        turn.takeToEnd(() -> next, this::add);
        return task.apply(ledger);
    }

    private void add(PlacedFact placed) {
        next.put(
                new TopicPartition(placed.place().topic(), placed.place().partition()),
                placed.place().offset() + 1);
        ledger.add(placed.fact().payload(), placed.fact().time());
    }
}
