package dev.tutelage.gateway.queue;

import dev.tutelage.gateway.api.Problems;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** By what images are chosen: how much their label would help. */
public enum Strategy {
    /** The two likeliest classes are close. */
    MARGIN("The two likeliest classes are close") {
        @Override
        OptionalDouble score(Candidate image) {
            return OptionalDouble.of(1 - image.margin());
        }
    },
    /** Many classes are likely. */
    ENTROPY("Many classes are likely") {
        @Override
        OptionalDouble score(Candidate image) {
            return OptionalDouble.of(image.entropy());
        }
    },
    /** The last two teachers see something else. */
    DISAGREEMENT("The last two teachers see something else") {
        @Override
        OptionalDouble score(Candidate image) {
            return image.disagreement();
        }
    },
    /** An image stands for many others: one of each kind is asked, rather than ten alike. */
    CENTRES("An image stands for many others") {
        @Override
        OptionalDouble score(Candidate image) {
            return image.centrality();
        }
    };

    private final String words;

    Strategy(String words) {
        this.words = words;
    }

    /** The greater, the more a label would help; empty where it cannot be said. */
    abstract OptionalDouble score(Candidate image);

    /** Its name for people and in addresses. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it looks for, as a sentence without its full stop. */
    public String words() {
        return words;
    }

    /**
     * The strategy of that name.
     *
     * @throws io.quarkiverse.resteasy.problem.HttpProblem with status 400 if there is none
     */
    public static Strategy of(String text) {
        return Arrays.stream(values())
                .filter(each -> each.text().equals(text))
                .findFirst()
                .orElseThrow(() -> Problems.badRequest(
                        "Bad query",
                        "Query parameter 'strategy' must be one of "
                                + Arrays.stream(values()).map(Strategy::text).collect(Collectors.joining(", "))
                                + ", not '" + text + "'"));
    }
}
