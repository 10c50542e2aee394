package dev.tutelage.platform.service;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** What a worker has its hands full with: so many pieces of work at a time, each on a thread of its own. */
final class Hands {
    private final int number;
    private final ExecutorService threads;
    private int full;
    private CompletableFuture<Void> free = CompletableFuture.completedFuture(null);

    /** @param number 1 or more */
    Hands(String name, int number) {
        this.number = number;
        this.threads = Executors.newFixedThreadPool(number, work -> new Thread(work, name));
    }

    /**
     * Begins a piece of work.
     *
     * @return what completes as soon as there is a hand free for the next one
     */
    synchronized CompletionStage<Void> give(Runnable work) {
        full++;
        if (full == number) {
            free = new CompletableFuture<>();
        }
        threads.execute(() -> {
            try {
                work.run();
            } finally {
                done();
            }
        });
        return free;
    }

    private void done() {
        CompletableFuture<Void> waiting;
        synchronized (this) {
            full--;
            waiting = free;
        }
        // Not under the lock: whoever waits gives the next piece of work from here.
        waiting.complete(null);
    }

    /** Waits for the work at hand, at most until the deadline; then interrupts it and returns false. */
    boolean stop(Instant deadline) throws InterruptedException {
        threads.shutdown();
        boolean stopped = threads.awaitTermination(
                Duration.between(Instant.now(), deadline).toMillis(), TimeUnit.MILLISECONDS);
        if (!stopped) {
            threads.shutdownNow();
        }
        return stopped;
    }
}
