package dev.tutelage.labeler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LiveFirstTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void theBacklogGoesOnWhereNothingIsLive() throws Exception {
        LiveFirst.Turn backlog = new LiveFirst(LONG).begin(true);
        backlog.await();
    }

    @Test
    void theBacklogWaitsUntilTheLastLiveShardIsDone() throws Exception {
        LiveFirst liveFirst = new LiveFirst(LONG);
        LiveFirst.Turn first = liveFirst.begin(false);
        LiveFirst.Turn second = liveFirst.begin(false);
        CompletableFuture<Void> waiting = awaiting(liveFirst.begin(true));
        first.close();
        assertThat(waiting).isNotDone();
        second.close();
        waiting.get();
    }

    @Test
    void aLiveShardWaitsForNobody() throws Exception {
        LiveFirst liveFirst = new LiveFirst(LONG);
        LiveFirst.Turn first = liveFirst.begin(false);
        liveFirst.begin(true);
        first.await();
    }

    /** Or it would never be done where shards never stop coming. */
    @Test
    void theBacklogLosesItsPatience() throws Exception {
        LiveFirst liveFirst = new LiveFirst(Duration.ofMillis(10));
        try (LiveFirst.Turn live = liveFirst.begin(false)) {
            awaiting(liveFirst.begin(true)).get();
            live.await();
        }
    }

    private static CompletableFuture<Void> awaiting(LiveFirst.Turn turn) {
        return CompletableFuture.runAsync(() -> {
            try {
                turn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
