package dev.tutelage.platform.run;

import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of one run in object storage: {@code runs/<run id>/snapshots/<sequence>-<step>-<sha256>}.
 *
 * <p>The digest in the name tells a torn or damaged snapshot from a good one; the newest good one wins. The two newest are
 * kept.
 *
 * <p>The sequence is that of the attempt, then of its snapshots. So what a worker saves that has lost the run, and does not
 * know yet, is older than whatever the next worker has saved, and does not throw that one back.
 */
public final class SnapshotStore {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);
    private static final Pattern NAME =
            Pattern.compile(".*/(?<sequence>\\d{12})-(?<step>\\d+)-(?<digest>[0-9a-f]{64})");
    private static final int KEPT = 2;
    /** Sequence numbers of one attempt: a snapshot each second for eleven days. */
    private static final long OF_ATTEMPT = 1_000_000;

    private final ArtifactStore store;
    private final String prefix;
    private final Path directory;
    private final int attempt;
    private final String runId;
    private final SnapshotAges ages;

    /**
     * @param attempt which of all attempts at the run this is, from 1
     * @param ages are told of what is saved
     */
    SnapshotStore(ArtifactStore store, String runId, int attempt, Path directory, SnapshotAges ages) {
        this.store = store;
        this.runId = runId;
        this.ages = ages;
        this.attempt = attempt;
        this.prefix = "runs/" + runId + "/snapshots/";
        this.directory = directory;
    }

    /** Stores a snapshot taken after {@code step} steps. */
    public void save(long step, Path file) throws IOException {
        List<Matcher> older = newestFirst();
        long sequence =
                nextSequence(attempt, older.stream().mapToLong(snapshot -> Long.parseLong(snapshot.group("sequence"))));
        String name = String.format("%s%012d-%d-%s", prefix, sequence, step, Digest.of(file));
        store.putNamed(name, file);
        ages.renew(runId);
        older.stream().skip(KEPT - 1L).map(Matcher::group).forEach(store::removeNamed);
    }

    /** Local copies of the intact snapshots, newest first; there may be none. */
    public List<Path> fetchNewestFirst() throws IOException {
        List<Path> files = new ArrayList<>();
        ages.renew(runId);
        for (Matcher snapshot : newestFirst()) {
            fetchIntact(snapshot.group(), snapshot.group("digest"), files);
        }
        return files;
    }

    private void fetchIntact(String name, String digest, List<Path> files) throws IOException {
        Path file = Files.createDirectories(directory).resolve(digest);
        try {
            if (store.fetchNamed(name, file).equals(new Digest(digest))) {
                files.add(file);
            } else {
                LOG.warn("Snapshot {} is damaged; going on from an older one", name);
            }
        } catch (ArtifactStoreException e) {
            if (e.kind() != ArtifactStoreException.Kind.NOT_FOUND) {
                throw e;
            }
            LOG.debug("Snapshot {} was removed meanwhile", name);
        }
    }

    /**
     * The sequence number of an attempt's next snapshot. It counts snapshots, not steps: a run of several phases counts its
     * steps from 0 in each.
     *
     * @param existing those of the snapshots that are there
     */
    static long nextSequence(int attempt, LongStream existing) {
        long first = attempt * OF_ATTEMPT;
        return existing.filter(sequence -> sequence >= first && sequence < first + OF_ATTEMPT)
                        .max()
                        .orElse(first - 1)
                + 1;
    }

    /** The names of the snapshots; whatever else lies there is none of ours. */
    private List<Matcher> newestFirst() {
        return store.list(prefix).stream()
                .sorted(Comparator.reverseOrder())
                .map(NAME::matcher)
                .filter(Matcher::matches)
                .toList();
    }
}
