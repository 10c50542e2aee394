package dev.tutelage.cli.ingest;

import java.util.List;
import java.util.OptionalInt;

/** What came of something of a source. Each comes in the order in which the source had it. */
sealed interface Outcome {

    /** An image for a shard. */
    record Usable(String key, Encoded image, OptionalInt label, Entry entry) implements Outcome {}

    /** The bytes of an image. */
    @FunctionalInterface
    interface Encoded {
        byte[] bytes();
    }

    /** What cannot be used. */
    record Unusable(Rejection rejection) implements Outcome {}

    /**
     * What an earlier ingest brought in.
     *
     * @param updates what the journal should know from now on, such as a file's new time
     */
    record AlreadyIn(List<Entry> updates) implements Outcome {}

    /**
     * A file that was written to, or taken away, while it was read.
     *
     * @param name what people find it by
     */
    record Unsettled(String name) implements Outcome {}

    /** The beginning of a file with many images. */
    record ContainerOpened() implements Outcome {}

    /** The end of a file with many images; it need not be read again if all of them could be used. */
    record ContainerRead(Entry entry) implements Outcome {}
}
