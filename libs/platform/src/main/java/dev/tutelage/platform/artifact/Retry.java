package dev.tutelage.platform.artifact;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often and how patiently a failing request is repeated.
 *
 * @param attempts at least 1
 * @param firstDelay before the second attempt; doubles from there, up to {@code maxDelay}
 */
public record Retry(int attempts, Duration firstDelay, Duration maxDelay) {

    /** Rides out half a minute of an unreachable store. */
    public static final Retry PATIENT = new Retry(9, Duration.ofMillis(200), Duration.ofSeconds(8));

    public Retry {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, not " + attempts);
        }
    }

    /** Waits before the attempt after {@code failed} failures; the jitter keeps many clients from coming back at once. */
    void pause(int failed) throws InterruptedException {
        double full = Math.min((double) maxDelay.toMillis(), (double) firstDelay.toMillis() * Math.pow(2, failed - 1));
        Thread.sleep((long) (full * ThreadLocalRandom.current().nextDouble(0.5, 1.0)));
    }
}
