package dev.tutelage.learning.data;

/** Strangers' text, fit for a log line. */
final class PrintableText {
    private static final int LONGEST = 100;

    private PrintableText() {}

    static String of(String text) {
        String printable = text.replaceAll("[^\\p{Print}\\p{L}\\p{N}]", "?");
        return printable.length() <= LONGEST ? printable : printable.substring(0, LONGEST) + "...";
    }
}
