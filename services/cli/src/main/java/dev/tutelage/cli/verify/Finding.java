package dev.tutelage.cli.verify;

import java.util.List;

/**
 * Something about a task's soft labels that is not as it must be.
 *
 * @param kind what is wrong in a word
 * @param task the task's name
 * @param teacher digest of the teacher's checkpoint
 * @param shard digest of the shard
 * @param where records ({@code topic-partition@offset}) and objects to look at
 * @param problem what is wrong
 * @param remedy what to do
 */
public record Finding(
        Kind kind, String task, String teacher, String shard, List<String> where, String problem, String remedy) {

    /** What can be wrong with soft labels. */
    public enum Kind {
        /** An image, or a whole shard, has no soft labels by a teacher, and nothing says why. */
        MISSING,
        /** An image, or a whole shard, has soft labels by a teacher twice. */
        DUPLICATE,
        /** Soft labels that belong to nothing: what they name was never said, or they were made and never said. */
        ORPHANED,
        /** Bytes that are gone, damaged, or not what the fact says. */
        CORRUPT
    }

    public Finding {
        where = List.copyOf(where);
    }
}
