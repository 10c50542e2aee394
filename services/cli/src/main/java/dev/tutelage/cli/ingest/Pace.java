package dev.tutelage.cli.ingest;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** So many images in a second, evenly: what was missed while there were none is not made up for. */
final class Pace {
    /** Within this, images that were late are made up for: no pause is exact. */
    private static final long SLACK = TimeUnit.MILLISECONDS.toNanos(100);

    private final long nanosPerImage;
    private final LongSupplier clock;
    private long next;

    /**
     * @param imagesPerSecond more than 0; as fast as may be if empty
     * @param clock nanoseconds
     */
    Pace(OptionalDouble imagesPerSecond, LongSupplier clock) {
        this.nanosPerImage =
                imagesPerSecond.isEmpty() ? 0 : (long) (TimeUnit.SECONDS.toNanos(1) / imagesPerSecond.getAsDouble());
        this.clock = clock;
        this.next = clock.getAsLong();
    }

    /** How long the next image has to wait. */
    Duration untilNext() {
        return Duration.ofNanos(nanosPerImage == 0 ? 0 : Math.max(0, next - clock.getAsLong()));
    }

    /** The next image goes in now. */
    void took() {
        next = Math.max(next, clock.getAsLong() - SLACK) + nanosPerImage;
    }
}
