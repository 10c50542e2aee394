package dev.tutelage.control.name;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Those of some names that somebody may have meant. */
public final class NearestNames {
    private static final int NAMED = 3;

    private NearestNames() {}

    /** A sentence that names the nearest, or says that there is none. */
    public static String sentence(String given, Collection<String> known) {
        if (known.isEmpty()) {
            return "There is none";
        }
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        String nearest = known.stream()
                .sorted(Comparator.comparing((String name) -> distance.apply(beginning(name, given), given))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(NAMED)
                .collect(Collectors.joining(", "));
        return "The nearest are: " + nearest;
    }

    /** People give the beginning of a name. */
    private static String beginning(String name, String given) {
        return name.substring(0, Math.min(name.length(), given.length()));
    }
}
