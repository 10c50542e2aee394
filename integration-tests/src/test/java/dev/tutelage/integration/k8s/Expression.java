package dev.tutelage.integration.k8s;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An expression in Prometheus's language, as far as names go. */
record Expression(String text) {
    private static final Pattern NO_NAMES =
            Pattern.compile("\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]|\\b(by|without|on|ignoring)\\s*\\([^)]*\\)");
    private static final Pattern NAME = Pattern.compile("(?<![\\w.])[a-zA-Z_:][\\w:]*(?!\\s*\\(|[\\w:])");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset");

    /** The series that it asks for. */
    Set<String> series() {
        Set<String> series = new TreeSet<>();
        for (Matcher name = NAME.matcher(NO_NAMES.matcher(text).replaceAll(" ")); name.find(); ) {
            series.add(name.group());
        }
        series.removeAll(OPERATORS);
        return series;
    }
}
