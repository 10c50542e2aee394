package dev.tutelage.cli.ingest;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether an ingest is asked to come to an end in good order. */
final class StopSignal {
    private final CountDownLatch raised = new CountDownLatch(1);

    void raise() {
        raised.countDown();
    }

    boolean isRaised() {
        return raised.getCount() == 0;
    }

    /** Waits, but no longer than until it is raised. */
    void pause(Duration duration) throws InterruptedException {
        raised.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }
}
