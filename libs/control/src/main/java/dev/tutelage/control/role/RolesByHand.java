package dev.tutelage.control.role;

import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.NotPublishedException;
import dev.tutelage.platform.trigger.Turn;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** What a person says of who is to have a role, said in a turn among the triggers, and told in a sentence. */
public final class RolesByHand {
    private final RoleTurn turn;
    private final HeldRole held;
    private final String by;

    /**
     * @param turn of the service that judges candidates for the role
     * @param task finds the task, or throws
     * @param by who says it
     */
    public RolesByHand(Turn turn, HeldRole held, Function<Ledger, TaskLedger> task, String by) {
        this.turn = new RoleTurn(turn, held.role(), task);
        this.held = held;
        this.by = by;
    }

    /**
     * What was said.
     *
     * @param news whether it was not said before
     * @param done what was done, for people
     */
    public record Done<F>(F fact, boolean news, String done) {}

    /**
     * Gives the role to a checkpoint, or back.
     *
     * @param wanted throws an {@link IllegalArgumentException} where it is refused, which is passed on
     * @throws NotPublishedException if it is not known to be said
     */
    public Done<Promoted> give(Function<RoleChange, Promoted> wanted) throws NotPublishedException {
        AtomicReference<RoleChange> last = new AtomicReference<>();
        Promoted promoted = turn.say(task -> wanted.apply(change(task, last)));
        return new Done<>(promoted, true, last.get().story(promoted));
    }

    /**
     * Says no to a checkpoint that waits for approval; a second time nothing is said.
     *
     * @param checkpoint beginning of its digest
     * @throws IllegalArgumentException if it does not wait, with why
     * @throws NotPublishedException if it is not known to be said
     */
    public Done<CandidateJudged> reject(String checkpoint, Optional<String> reason) throws NotPublishedException {
        AtomicReference<RoleChange> last = new AtomicReference<>();
        RoleTurn.Rejection rejection = turn.reject(task -> change(task, last).reject(checkpoint, reason));
        return new Done<>(rejection.judged(), rejection.news(), last.get().story(rejection.judged()));
    }

    private RoleChange change(TaskLedger task, AtomicReference<RoleChange> last) {
        last.set(new RoleChange(task, held, by));
        return last.get();
    }
}
