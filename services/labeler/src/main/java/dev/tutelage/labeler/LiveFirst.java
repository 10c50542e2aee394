package dev.tutelage.labeler;

import java.time.Duration;

/**
 * Lets the backlog wait, between two batches, for as long as a live shard is at hand; but not forever, or it would never
 * be done where shards never stop coming.
 */
final class LiveFirst {
    private final Duration patience;
    private int live;

    /** @param patience how long the backlog waits for one batch */
    LiveFirst(Duration patience) {
        this.patience = patience;
    }

    /** The labeling of one shard, until it is closed. */
    final class Turn implements AutoCloseable {
        private final boolean backlog;

        private Turn(boolean backlog) {
            this.backlog = backlog;
        }

        /** Waits if this is of the backlog and a live shard is at hand. */
        void await() throws InterruptedException {
            if (backlog) {
                awaitNoLive();
            }
        }

        @Override
        public void close() {
            if (!backlog) {
                add(-1);
            }
        }
    }

    /** Begins with a shard. */
    Turn begin(boolean backlog) {
        if (!backlog) {
            add(1);
        }
        return new Turn(backlog);
    }

    private synchronized void add(int shards) {
        live += shards;
        notifyAll();
    }

    private synchronized void awaitNoLive() throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (live > 0) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }
}
