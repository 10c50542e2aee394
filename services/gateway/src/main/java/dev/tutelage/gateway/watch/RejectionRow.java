package dev.tutelage.gateway.watch;

import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** When candidates for a role were rejected since it was last given. The order in which it is told does not matter. */
final class RejectionRow {
    private final Set<Instant> rejected = new ConcurrentSkipListSet<>();
    private Instant given = Instant.MIN;

    void rejected(Instant time) {
        if (time.isAfter(given)) {
            rejected.add(time);
        }
    }

    void given(Instant time) {
        if (time.isAfter(given)) {
            given = time;
            rejected.removeIf(each -> !each.isAfter(time));
        }
    }

    int length() {
        return rejected.size();
    }
}
