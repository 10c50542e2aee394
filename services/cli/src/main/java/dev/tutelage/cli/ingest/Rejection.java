package dev.tutelage.cli.ingest;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Something of a source that could not be used.
 *
 * @param kind what was the matter
 * @param file what people find it by: a path, a path and the key in it, or a key
 * @param reason in words that go on from the name
 */
record Rejection(Kind kind, String file, String reason) {

    /** What can be the matter with an image, by the step at which it showed. */
    enum Kind {
        /** Its name cannot be a key of a shard. */
        NAME("have names that cannot be keys"),
        /** Its bytes could not be had. */
        UNREADABLE("cannot be read"),
        /** It has no label, or one that is no class of the task. */
        LABEL("have no label that is a class of the task"),
        /** Its bytes are no image that the task can use. */
        IMAGE("are no images that the task can use"),
        /** A tar ends or goes wrong in the middle; what was before that is used. */
        DAMAGED("are damaged where they hold images");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** The end of a sentence that begins with a number of files. */
        String words() {
            return words;
        }

        @Override
        @JsonValue
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
