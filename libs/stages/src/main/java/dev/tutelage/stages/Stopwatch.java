package dev.tutelage.stages;

import java.time.Duration;

/**
 * How long something takes.
 *
 * @param startNanos {@link System#nanoTime} at its start
 */
public record Stopwatch(long startNanos) {

    public static Stopwatch start() {
        return new Stopwatch(System.nanoTime());
    }

    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
