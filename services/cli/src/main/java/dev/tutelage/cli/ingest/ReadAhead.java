package dev.tutelage.cli.ingest;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Work that one thread hands out, several do, and another takes the results of, in the order in which it was handed out.
 * Whoever hands out waits while too much is under way, by number and by bytes; whoever takes waits only for as long as it
 * wants to, because a source may be silent for hours.
 */
final class ReadAhead<T> implements AutoCloseable {
    private static final int UNDER_WAY_PER_THREAD = 4;
    private static final int KIB = 1 << 10;

    private final ExecutorService threads;
    private final LinkedBlockingQueue<Work<T>> queue = new LinkedBlockingQueue<>();
    private final Semaphore places;
    private final Semaphore room;
    private final int mostKib;
    private boolean ended;

    /** @param end whether this is what stands behind the last result */
    private record Work<T>(Future<T> result, int kib, boolean end) {}

    /**
     * @param mostBytes of the heap for what is under way; a single larger piece goes alone
     */
    ReadAhead(int threadCount, long mostBytes) {
        this.threads = Executors.newFixedThreadPool(threadCount, work -> {
            Thread thread = new Thread(work, "images");
            thread.setDaemon(true);
            return thread;
        });
        this.places = new Semaphore(threadCount * UNDER_WAY_PER_THREAD);
        this.mostKib = (int) Math.min(Integer.MAX_VALUE, Math.max(1, mostBytes / KIB));
        this.room = new Semaphore(mostKib, true);
    }

    /**
     * Hands out work, once there is room.
     *
     * @param bytes what the work and its result hold of the heap, at most
     */
    void submit(long bytes, Callable<T> work) throws InterruptedException {
        int kib = (int) Math.min(mostKib, bytes / KIB + 1);
        places.acquire();
        room.acquire(kib);
        queue.add(new Work<>(threads.submit(work), kib, false));
    }

    /** No more work comes; with a failure, because of that. It is thrown behind the last result. */
    void end(Optional<Exception> failure) {
        CompletableFuture<T> result = new CompletableFuture<>();
        failure.ifPresent(result::completeExceptionally);
        if (failure.isEmpty()) {
            result.complete(null);
        }
        queue.add(new Work<>(result, 0, true));
    }

    /**
     * The next result, after waiting for work to be handed out for at most {@code patience}.
     *
     * @throws IOException what the work or the source of work threw
     */
    Optional<T> take(Duration patience) throws IOException, InterruptedException {
        Work<T> work = queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (work == null) {
            return Optional.empty();
        }
        ended = work.end();
        try {
            return Optional.ofNullable(work.result().get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException(
                    "checking images failed: " + e.getCause().getMessage(), e.getCause());
        } finally {
            if (!work.end()) {
                room.release(work.kib());
                places.release();
            }
        }
    }

    /** Whether the last result has been taken. */
    boolean hasEnded() {
        return ended;
    }

    /** Forgets what is still under way. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
