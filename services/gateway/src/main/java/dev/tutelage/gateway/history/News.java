package dev.tutelage.gateway.history;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** That there is another fact: for those who wait for one. */
public final class News {
    private final Lock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private long facts;

    News() {}

    void tell() {
        lock.lock();
        try {
            facts++;
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many facts there were. */
    public long facts() {
        lock.lock();
        try {
            return facts;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for more facts than are known, but no longer than that.
     *
     * @return whether there are more
     */
    public boolean awaitMoreThan(long known, Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (facts <= known && left > 0) {
                left = more.awaitNanos(left);
            }
            return facts > known;
        } finally {
            lock.unlock();
        }
    }
}
