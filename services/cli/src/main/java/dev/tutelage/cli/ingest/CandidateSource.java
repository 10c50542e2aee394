package dev.tutelage.cli.ingest;

import dev.tutelage.learning.data.SourceImage;
import java.io.IOException;

/** A place that images are ingested from. */
interface CandidateSource {

    /**
     * An image of the source, not looked at yet.
     *
     * @param bytes it has, at most
     */
    record Candidate(SourceImage image, Origin origin, long bytes) {
        String name() {
            return origin.name(image.key());
        }
    }

    /** Takes what a source has, and makes the source wait while there is too much. */
    interface Sink {
        void candidate(Candidate candidate) throws InterruptedException;

        /** Takes note of what is known without looking at any image. */
        void outcome(Outcome outcome) throws InterruptedException;
    }

    /**
     * Shows everything, until the end of the source or an interrupt.
     *
     * @throws IOException if the source cannot be read on
     */
    void forEach(Sink sink) throws IOException, InterruptedException;
}
