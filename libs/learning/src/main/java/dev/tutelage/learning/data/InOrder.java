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
 * Little of it is under way at any time, by number and by bytes, so that memory stays bounded however much there is,
 * however large it is, and however many cores there are.
 */
final class InOrder<T> implements AutoCloseable {
    /** Enough that a thread seldom waits for the oldest result. */
    private static final int UNDER_WAY_PER_THREAD = 4;

    /** Of the heap, for what is under way. */
    private static final int SHARE = 4;

    /** Takes a result. */
    interface Sink<T> {
        void accept(T result) throws IOException;
    }

    private final ExecutorService threads;
    private final int most;
    private final Sink<T> sink;
    private final long mostBytes;
    private final Deque<Work<T>> underWay = new ArrayDeque<>();
    private long bytes;

    private record Work<T>(Future<T> result, long bytes) {}

    InOrder(int threadCount, Sink<T> sink) {
        this(threadCount, Runtime.getRuntime().maxMemory() / SHARE, sink);
    }

    InOrder(int threadCount, long mostBytes, Sink<T> sink) {
        this.mostBytes = mostBytes;
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

    /**
     * Begins work; first waits for the oldest while too much is under way.
     *
     * @param workBytes what the work and its result hold of the heap, at most
     */
    void submit(long workBytes, Callable<T> work) throws IOException {
        while (underWay.size() == most || (!underWay.isEmpty() && bytes + workBytes > mostBytes)) {
            takeOldest();
        }
        underWay.add(new Work<>(threads.submit(work), workBytes));
        bytes += workBytes;
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
        Work<T> oldest = underWay.remove();
        bytes -= oldest.bytes();
        try {
            sink.accept(oldest.result().get());
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
