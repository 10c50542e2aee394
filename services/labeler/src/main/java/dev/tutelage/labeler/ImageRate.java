package dev.tutelage.labeler;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** How many images an hour are labeled, by the last minutes, in which there may have been nothing to do. */
final class ImageRate {
    private static final long WINDOW_NANOS = Duration.ofMinutes(5).toNanos();

    private final LongSupplier nanos;
    private final long start;
    private final Deque<Labeled> last = new ArrayDeque<>();

    private record Labeled(long time, long images) {}

    /** @param nanos a clock such as {@link System#nanoTime} */
    ImageRate(LongSupplier nanos) {
        this.nanos = nanos;
        this.start = nanos.getAsLong();
    }

    synchronized void add(long images) {
        last.add(new Labeled(nanos.getAsLong(), images));
        forgetOld();
    }

    /** Images an hour; 0 if there were none. */
    synchronized double perHour() {
        forgetOld();
        long images = last.stream().mapToLong(Labeled::images).sum();
        long elapsed = Math.min(WINDOW_NANOS, nanos.getAsLong() - start);
        return images == 0 ? 0 : images * (double) Duration.ofHours(1).toNanos() / Math.max(1, elapsed);
    }

    private void forgetOld() {
        long now = nanos.getAsLong();
        while (!last.isEmpty() && now - last.peek().time() > WINDOW_NANOS) {
            last.remove();
        }
    }
}
