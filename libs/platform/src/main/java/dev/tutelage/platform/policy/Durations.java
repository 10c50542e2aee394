package dev.tutelage.platform.policy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: 30s, 5m, 1h30m, 7d, 0.5s, 250ms. */
public final class Durations {
    /** What is expected, for messages. */
    public static final String FORM = "duration of 0 or more, such as 500ms, 30s, 5m, 1h30m or 7d";

    private static final Pattern TEXT = Pattern.compile(
            "(?<days>\\d{1,6}d)?(?<rest>(\\d{1,9}h)?(\\d{1,9}m)?(\\d{1,9}(\\.\\d{1,9})?s)?)(?<millis>\\d{1,9}(\\.\\d{1,6})?ms)?",
            Pattern.CASE_INSENSITIVE);

    private Durations() {}

    /** The duration that a text says; empty if it says none. */
    public static Optional<Duration> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (text.isEmpty() || !parts.matches()) {
            return Optional.empty();
        }
        String rest = parts.group("rest").toUpperCase(Locale.ROOT);
        return Optional.of((rest.isEmpty() ? Duration.ZERO : Duration.parse("PT" + rest))
                .plusDays(number(parts, "days", "d").longValueExact())
                .plusNanos(number(parts, "millis", "ms").movePointRight(6).longValueExact()));
    }

    private static BigDecimal number(Matcher parts, String name, String unit) {
        return Optional.ofNullable(parts.group(name))
                .map(part -> new BigDecimal(part.substring(0, part.length() - unit.length())))
                .orElse(BigDecimal.ZERO);
    }

    /** The text of a duration, in the largest unit of which it is a whole number. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1_000 != 0) {
            return millis + "ms";
        } else if (duration.toSeconds() % 60 != 0) {
            return duration.toSeconds() + "s";
        } else if (duration.toMinutes() % 60 != 0) {
            return duration.toMinutes() + "m";
        }
        return duration.toHours() % 24 != 0 ? duration.toHours() + "h" : duration.toDays() + "d";
    }
}
