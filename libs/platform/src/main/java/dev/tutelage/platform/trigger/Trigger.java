package dev.tutelage.platform.trigger;

import dev.tutelage.platform.ledger.TaskLedger;
import java.util.List;

/**
 * A service's trigger half: a function from what is known about a task to what is due.
 *
 * <p>What does not depend on the moment ({@link Decision#dependsOnTheMoment}) it must still decide, or have decided, on every
 * later ledger. What does is decided in a {@link Turn}, and then a fact as any other: it must follow from the ledger that
 * it was decided, so that it is not due again. Of each stage at most one training may be due at a time; the next follows on
 * the ledger that has it. Then any number of triggers may run, and each may be restarted at any time.
 */
public interface Trigger {

    /** Everything that follows from the ledger now, whether it was decided before or not. */
    List<Decision> decide(TaskLedger task);

    /** Whether something may become due of a task by time alone. */
    default boolean watchesTheClock(TaskLedger task) {
        return false;
    }
}
