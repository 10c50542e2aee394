package dev.tutelage.cli.chaos;

import java.time.Duration;
import java.util.Locale;

/**
 * Something that is done to a machine at some time.
 *
 * @param kind what is done
 * @param target the process that it is done to: of store faults {@code s3}, of the others that have no process {@code all}
 * @param at when it begins, from the start of the schedule
 * @param length how long it lasts; zero if it is done at once
 */
public record Fault(FaultKind kind, String target, Duration at, Duration length) {
    /** The target of faults that are done to no process, or to each. */
    public static final String ALL = "all";

    Duration end() {
        return at.plus(length);
    }

    /** For people. */
    String line() {
        String lasts = length.isZero() ? "" : String.format(Locale.ROOT, " for %.1f s", length.toMillis() / 1e3);
        return String.format(Locale.ROOT, "%7.1f s  %-18s %s%s", at.toMillis() / 1e3, kind.word(), target, lasts);
    }
}
