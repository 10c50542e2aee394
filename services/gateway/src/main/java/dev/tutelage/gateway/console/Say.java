package dev.tutelage.gateway.console;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Quantities and names as people read them. */
public final class Say {
    /** Shown where there is nothing to show. */
    static final String NOTHING = "–";

    private static final int DIGITS = 12;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final long KIBI = 1024;

    /**
     * A moment.
     *
     * @param iso for machines
     * @param text for people, in UTC
     */
    public record When(String iso, String text) {}

    private Say() {}

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A count of things, such as {@code 1 shard} and {@code 2 shards}. */
    static String count(long number, String thing) {
        return count(number) + " " + thing + (number == 1 ? "" : "s");
    }

    static String percent(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2f %%", value) : NOTHING;
    }

    /** A probability as a percentage. */
    static String share(double value) {
        return percent(100 * value);
    }

    /** Four significant digits or so. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return NOTHING;
        }
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 1e15) {
            return count((long) value);
        } else if (size >= 1000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 0.001 ? "%.4f" : "%.2e", value);
    }

    static String bytes(long size) {
        if (size < KIBI) {
            return count(size, "byte");
        } else if (size < KIBI * KIBI) {
            return String.format(Locale.ROOT, "%.1f KiB", size / (double) KIBI);
        }
        return String.format(Locale.ROOT, "%,.1f MiB", size / (double) (KIBI * KIBI));
    }

    /** A length of time to about two digits, such as {@code 4 min 10 s}. */
    static String seconds(double seconds) {
        if (!Double.isFinite(seconds) || seconds < 0) {
            return NOTHING;
        }
        Duration duration = Duration.ofMillis(Math.round(seconds * 1000));
        if (duration.toHours() > 0) {
            return count(duration.toHours()) + " h " + duration.toMinutesPart() + " min";
        } else if (duration.toMinutes() > 0) {
            return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
        }
        return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
    }

    /** A short time; nothing where none was measured. */
    static String millis(Duration time) {
        return time.isZero() ? NOTHING : String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
    }

    static When when(Instant time) {
        Instant whole = time.truncatedTo(ChronoUnit.SECONDS);
        return new When(whole.toString(), TIME.format(whole));
    }

    /** The beginning of a digest, which is enough to tell it from others. */
    static String digest(String hex) {
        return hex.substring(0, Math.min(DIGITS, hex.length()));
    }

    /** A run's id without most of its hash. */
    static String run(String id) {
        int hash = id.lastIndexOf('-') + 1;
        return id.substring(0, Math.min(id.length(), hash + 8));
    }
}
