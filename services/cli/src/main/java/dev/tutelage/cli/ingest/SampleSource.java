package dev.tutelage.cli.ingest;

import dev.tutelage.learning.data.DamagedSourceException;
import dev.tutelage.learning.data.ImageSource;
import dev.tutelage.learning.data.ShardLimits;
import dev.tutelage.learning.data.SourceImage;
import java.io.IOException;
import java.io.InterruptedIOException;

/**
 * Something that is read from its beginning each time: a tar, a stream, a table. What is in already is told by key and
 * digest.
 *
 * @param images of it
 * @param container its path from the source on; empty for the source itself
 * @param name for people
 */
record SampleSource(ImageSource images, String container, String name) implements CandidateSource {

    @Override
    public void forEach(Sink sink) throws IOException, InterruptedException {
        try {
            images.forEach(image -> offer(image, sink));
        } catch (DamagedSourceException e) {
            sink.outcome(
                    new Outcome.Unusable(new Rejection(Rejection.Kind.DAMAGED, name, "is damaged: " + e.damage())));
        } catch (InterruptedIOException e) {
            throw interrupted(e);
        }
    }

    private void offer(SourceImage image, Sink sink) throws InterruptedIOException {
        try {
            sink.candidate(new Candidate(image, new Origin.OfSample(container), ShardLimits.DEFAULT.entryBytes()));
        } catch (InterruptedException e) {
            // The sources of images know of IOExceptions alone.
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped");
        }
    }

    private static InterruptedException interrupted(InterruptedIOException e) {
        InterruptedException interrupted = new InterruptedException(e.getMessage());
        interrupted.initCause(e);
        return interrupted;
    }
}
