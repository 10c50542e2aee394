package dev.tutelage.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: 30s, 5m, 1h30m, 30d, 7d12h. */
public final class Durations implements ITypeConverter<Duration> {
    private static final Pattern TEXT = Pattern.compile(
            "(?<days>\\d{1,6}d)?(?<rest>(\\d{1,9}h)?(\\d{1,9}m)?(\\d{1,9}(\\.\\d{1,9})?s)?)", Pattern.CASE_INSENSITIVE);

    /**
     * Reads a duration of 0 or more.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Duration parse(String text) {
        Matcher parts = TEXT.matcher(text.strip());
        if (parts.matches() && !text.isBlank()) {
            String days = parts.group("days") == null ? "" : parts.group("days");
            String rest = parts.group("rest").isEmpty() ? "" : "T" + parts.group("rest");
            return Duration.parse(("P" + days + rest).toUpperCase(Locale.ROOT));
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no duration of 0 or more; write it like 30s, 5m, 1h30m or 30d");
    }

    @Override
    public Duration convert(String text) {
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
