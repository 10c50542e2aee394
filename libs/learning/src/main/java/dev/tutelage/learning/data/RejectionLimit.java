package dev.tutelage.learning.data;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many images of a source may be unusable. */
public sealed interface RejectionLimit {

    /** So many, whatever the source's size. */
    record Count(int most) implements RejectionLimit {
        @Override
        public boolean isExceeded(int rejected, int seen, boolean atEnd) {
            return rejected > most;
        }

        @Override
        public String toString() {
            return Integer.toString(most);
        }
    }

    /** So many of a hundred, which shows when all are seen. */
    record Percent(double most) implements RejectionLimit {
        @Override
        public boolean isExceeded(int rejected, int seen, boolean atEnd) {
            return atEnd && rejected > most / 100 * seen;
        }

        @Override
        public String toString() {
            return (most == Math.rint(most) ? Integer.toString((int) most) : Double.toString(most)) + "%";
        }
    }

    /** Whether too many of the images seen so far are unusable. */
    boolean isExceeded(int rejected, int seen, boolean atEnd);

    /**
     * Reads {@code 50} or {@code 2.5%}.
     *
     * @throws IllegalArgumentException if the text is neither, or more than 100%
     */
    static RejectionLimit parse(String text) {
        Matcher matcher = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(%?)").matcher(text);
        if (matcher.matches()) {
            boolean percent = !matcher.group(2).isEmpty();
            double number = Double.parseDouble(matcher.group(1));
            if (percent && number <= 100) {
                return new Percent(number);
            }
            if (!percent && number == Math.rint(number)) {
                return new Count((int) number);
            }
        }
        throw new IllegalArgumentException(
                "\"" + text + "\" is no limit of unusable images: give a number, as 50, or percent, as 1%");
    }
}
