package dev.tutelage.learning.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Does work on several threads and hands its results on in the order in which the work came, on the caller's thread.
 * Little of it is under way at any time, so that memory stays bounded however much there is.
 */
final class InOrder<T> implements AutoCloseable {
    /** Enough that a thread seldom waits for the oldest result. */
    private static final int UNDER_WAY_PER_THREAD = 4;

    /** Takes a result. */
    interface Sink<T> {
        void accept(T result) throws IOException;
    }

    private final ExecutorService threads;
    private final int most;
    private final Sink<T> sink;
    private final Deque<Future<T>> underWay = new ArrayDeque<>();

    InOrder(int threadCount, Sink<T> sink) {
        this.threads = Executors.newFixedThreadPool(threadCount, work -> {
            Thread thread = new Thread(work, "images");
            thread.setDaemon(true);
            return thread;
        });
        this.most = threadCount * UNDER_WAY_PER_THREAD;
        this.sink = sink;
    }

    /** One thread for each core. */
    static <T> InOrder<T> onAllCores(Sink<T> sink) {
        return new InOrder<>(Runtime.getRuntime().availableProcessors(), sink);
    }

    /** Begins work; first waits for the oldest if too much is under way. */
    void submit(Callable<T> work) throws IOException {
        if (underWay.size() == most) {
            takeOldest();
        }
        underWay.add(threads.submit(work));
    }

    /** How many results are not handed on yet. */
    int underWay() {
        return underWay.size();
    }

    /** Hands on all that is under way. */
    void drain() throws IOException {
        while (!underWay.isEmpty()) {
            takeOldest();
        }
    }

    private void takeOldest() throws IOException {
        try {
            sink.accept(underWay.remove().get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while images were decoded");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException(
                    "decoding images failed: " + e.getCause().getMessage(), e.getCause());
        }
    }

    /** Forgets what is still under way. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
