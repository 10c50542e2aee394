package dev.tutelage.cli.verify;

import java.time.Duration;

/**
 * Says whether a verifier is to look at the topics again before it tells what it has found: for as long as it is to wait for
 * requests that are not done yet, and then once more for what is only wrong at first sight. A transaction becomes visible
 * on one topic before it does on another, so what is found is only true if it is still so after a while.
 */
final class SecondLook {
    /** For this long after the last request is done, or is waited for. */
    static final Duration SETTLING = Duration.ofSeconds(3);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final Duration wait;
    private final Duration settling;
    private final long start = System.nanoTime();
    private long settlingSince = start;

    /** @param wait how long to wait for requests that are not done yet */
    SecondLook(Duration wait, Duration settling) {
        this.wait = wait;
        this.settling = settling;
    }

    /**
     * Whether to look again, which is told when it is time to.
     *
     * @param unfinished whether anything may still come by itself
     * @param findings whether anything is wrong
     */
    boolean isNeeded(boolean unfinished, boolean findings) throws InterruptedException {
        long now = System.nanoTime();
        boolean mayFinish = unfinished && now - start < wait.toNanos();
        if (mayFinish) {
            settlingSince = now;
        }
        boolean needed = mayFinish || (findings && now - settlingSince < settling.toNanos());
        if (needed) {
            Thread.sleep(LOOK_AGAIN.toMillis());
        }
        return needed;
    }
}
