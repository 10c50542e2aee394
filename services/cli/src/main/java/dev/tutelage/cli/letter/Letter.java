package dev.tutelage.cli.letter;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.platform.log.Place;
import java.time.Instant;
import java.util.Optional;

/**
 * A dead letter.
 *
 * @param offset where it lies on {@link Topic#DEAD_LETTERS}, which is its name for people
 * @param time when it was said
 * @param replayed when what it is about was put in its place again, by whatever command, if it was
 */
record Letter(long offset, Instant time, DeadLettered fact, Optional<Instant> replayed) {

    /** Where the record lies that could not be processed. */
    Place source() {
        return new Place(fact.getSourceTopic(), fact.getSourcePartition(), fact.getSourceOffset());
    }

    boolean isOpen() {
        return replayed.isEmpty();
    }

    boolean isOf(Optional<String> task) {
        return task.isEmpty() || fact.getTask().equals(task.get());
    }

    /** Whether it is about a run, rather than about a record that is no request. */
    boolean isAboutRun() {
        return !fact.getRunId().isEmpty();
    }

    /** What is wrong, in one line. */
    String summary() {
        return fact.getReason().lines().findFirst().orElse("");
    }
}
