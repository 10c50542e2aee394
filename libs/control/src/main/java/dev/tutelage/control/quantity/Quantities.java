package dev.tutelage.control.quantity;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and rates as people write them. Each throws an {@link IllegalArgumentException} at what is none. */
public final class Quantities {
    private static final String NUMBER = "(\\d{1,9}(?:\\.\\d{1,9})?)";
    private static final Pattern BYTES = Pattern.compile("(\\d{1,12})([KMG]?)(?:I?B)?");
    private static final Pattern RATE = Pattern.compile(NUMBER + "(?:/s)?");

    private Quantities() {}

    /** Reads {@code 64M} or {@code 1048576}; K, M and G count in steps of 1024. */
    public static long bytes(String text) {
        Matcher matcher = BYTES.matcher(text.toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no size: give bytes, or as 64M or 1G");
        }
        int steps = matcher.group(2).isEmpty() ? 0 : 1 + "KMG".indexOf(matcher.group(2));
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * steps));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("\"" + text + "\" is more than any file can have", e);
        }
    }

    /** Reads {@code 100/s} or {@code 0.5}: a number above 0 in a second. */
    public static double perSecond(String text) {
        Matcher matcher = RATE.matcher(text);
        if (!matcher.matches() || Double.parseDouble(matcher.group(1)) <= 0) {
            throw new IllegalArgumentException("\"" + text + "\" is no rate: give images in a second, as 100/s");
        }
        return Double.parseDouble(matcher.group(1));
    }
}
