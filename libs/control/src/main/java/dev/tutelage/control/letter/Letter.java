package dev.tutelage.control.letter;

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
public record Letter(long offset, Instant time, DeadLettered fact, Optional<Instant> replayed) {

    /** Where the record lies that could not be processed. */
    public Place source() {
        return new Place(fact.getSourceTopic(), fact.getSourcePartition(), fact.getSourceOffset());
    }

    public boolean isOpen() {
        return replayed.isEmpty();
    }

    public boolean isOf(Optional<String> task) {
        return task.isEmpty() || fact.getTask().equals(task.get());
    }

    /** Whether it is about a run, rather than about a record that is no request. */
    public boolean isAboutRun() {
        return !fact.getRunId().isEmpty();
    }

    /** What is wrong, in one line. */
    public String summary() {
        return fact.getReason().lines().findFirst().orElse("");
    }
}
