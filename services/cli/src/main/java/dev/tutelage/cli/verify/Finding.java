package dev.tutelage.cli.verify;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Something about a task that is not as it must be.
 *
 * @param kind what is wrong in a word
 * @param task the task's name
 * @param about what it is wrong with, such as {@code shard <digest>} or {@code run <id>}
 * @param where records ({@code topic-partition@offset}) and objects to look at
 * @param problem what is wrong
 * @param remedy what to do
 */
public record Finding(Kind kind, String task, String about, List<String> where, String problem, String remedy) {
    private static final Pattern DIGEST = Pattern.compile("\\b([0-9a-f]{12})[0-9a-f]{52}\\b");

    /** What can be wrong. */
    public enum Kind {
        /** What was to come has not, and nothing says why: soft labels, the end of a run, a checkpoint. */
        MISSING,
        /** What must be there once is there more often. */
        DUPLICATE,
        /** A fact that points nowhere: what it names was never said, or it was made and never said. */
        ORPHANED,
        /** Bytes that are gone, damaged, or not what the fact says. */
        CORRUPT,
        /** A promotion that does not follow from the gate's rules or from the one before it. */
        UNFOUNDED
    }

    public Finding {
        where = List.copyOf(where);
    }

    /** For people. */
    public List<String> lines() {
        return List.of(
                "  " + kind + " " + DIGEST.matcher(about).replaceAll("$1") + ": " + problem,
                "    where: " + String.join(", ", where),
                "    what to do: " + remedy);
    }
}
