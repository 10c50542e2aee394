package dev.tutelage.gateway.queue;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What came of an answer.
 *
 * @param label number of the class that the image has now, if it has one
 * @param shard digest of the labeled shard that holds it, if it has one
 * @param detail more about it, for people; empty where there is nothing to say
 */
record Outcome(String image, Kind kind, OptionalInt label, Optional<String> shard, String detail) {

    /** Kinds of outcomes. */
    enum Kind {
        /** The image has the label of this answer. */
        LABELED,
        /** The image had a label before, which it keeps. */
        ALREADY_LABELED,
        /** There is no label in the answer. */
        SKIPPED,
        /** No image of that digest waits for a label. */
        UNKNOWN_IMAGE,
        /** The answer is a class that the task does not have. */
        UNKNOWN_CLASS,
        /** The answer is more than one class. */
        SEVERAL_CHOICES,
        /** The image cannot be found in its shard. */
        UNUSABLE_IMAGE;

        /** Its name in answers. */
        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static Outcome refused(String image, Kind kind, String detail) {
        return new Outcome(image, kind, OptionalInt.empty(), Optional.empty(), detail);
    }
}
