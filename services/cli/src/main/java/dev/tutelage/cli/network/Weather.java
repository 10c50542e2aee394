package dev.tutelage.cli.network;

import java.time.Duration;

/**
 * How a network is.
 *
 * @param kind what becomes of bytes
 * @param delay before each piece of up to 8 KiB, in both directions; of {@link Kind#SLOW} alone
 * @param bytesPerSecond of one connection in one direction at most; of {@link Kind#SLOW} alone
 */
public record Weather(Kind kind, Duration delay, long bytesPerSecond) {

    /** What becomes of bytes. */
    public enum Kind {
        /** They arrive. */
        FAIR,
        /** Connections break with a reset, and new ones are reset. */
        CUT,
        /** Connections stay, and nothing arrives: what a firewall does that drops packets. */
        HANGING,
        /** They arrive late. */
        SLOW
    }

    public static final Weather FAIR = new Weather(Kind.FAIR, Duration.ZERO, Long.MAX_VALUE);
    public static final Weather CUT = new Weather(Kind.CUT, Duration.ZERO, Long.MAX_VALUE);
    public static final Weather HANGING = new Weather(Kind.HANGING, Duration.ZERO, Long.MAX_VALUE);

    /**
     * A slow network.
     *
     * @param bytesPerSecond more than 0
     */
    public static Weather slow(Duration delay, long bytesPerSecond) {
        return new Weather(Kind.SLOW, delay, bytesPerSecond);
    }

    /** How long a piece of so many bytes takes. */
    long nanosFor(int bytes) {
        return kind == Kind.SLOW ? delay.toNanos() + (long) (bytes * 1e9 / bytesPerSecond) : 0;
    }
}
