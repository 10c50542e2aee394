package dev.tutelage.cli.ingest;

import dev.tutelage.learning.data.ImageCheck;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.data.UnusableImageException;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/**
 * Looks at an image before it goes into a shard: whether it is in one already, and whether the task can use it.
 *
 * @param check what the task can use
 * @param journal of what is in already
 */
record Checking(ImageCheck check, Journal journal) {

    Outcome outcome(CandidateSource.Candidate candidate) throws IOException {
        String key = candidate.image().key();
        Rejection.Kind step = Rejection.Kind.NAME;
        try {
            check.requireKey(key);
            step = Rejection.Kind.UNREADABLE;
            byte[] encoded = candidate.image().content().encoded();
            if (hasChanged(candidate.origin())) {
                return new Outcome.Unsettled(candidate.name());
            }
            String digest = Sha256.of(encoded);
            Entry entry = candidate.origin().entry(key, digest);
            if (isIn(candidate.origin(), entry, digest)) {
                return new Outcome.AlreadyIn(List.of(entry));
            }
            step = Rejection.Kind.LABEL;
            OptionalInt label = check.label(candidate.image());
            step = Rejection.Kind.IMAGE;
            check.requireDecodable(encoded);
            return new Outcome.Usable(key, () -> encoded, label, entry);
        } catch (UnusableImageException e) {
            return hasChanged(candidate.origin())
                    ? new Outcome.Unsettled(candidate.name())
                    : new Outcome.Unusable(new Rejection(step, candidate.name(), e.getMessage()));
        }
    }

    private static boolean hasChanged(Origin origin) {
        return origin instanceof Origin.OfFile file && !file.isUnchanged();
    }

    /** A file that was touched, or copied over itself, is no other image. */
    private boolean isIn(Origin origin, Entry entry, String digest) {
        return journal.holds(entry)
                || (origin instanceof Origin.OfFile file && journal.holdsContent(file.path(), digest));
    }
}
