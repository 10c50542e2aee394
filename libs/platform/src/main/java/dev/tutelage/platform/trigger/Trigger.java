package dev.tutelage.platform.trigger;

import dev.tutelage.platform.ledger.TaskLedger;
import java.util.List;

/**
 * A service's trigger half: a pure function from what is known about a task to what is due.
 *
 * <p>It must not depend on when it is asked: whatever it decides on a ledger it must still decide, or have decided, on
 * every later ledger. Then any number of triggers may run, and each may be restarted at any time.
 */
public interface Trigger {

    /** Everything that follows from the ledger, whether it was decided before or not. */
    List<Decision> decide(TaskLedger task);
}
