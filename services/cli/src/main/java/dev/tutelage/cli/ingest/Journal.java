package dev.tutelage.cli.ingest;

import dev.tutelage.learning.data.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/**
 * Which parts of a source are in which shard, written ahead of everything that others see. A folder holds it beside the
 * shards that are not done yet. It is on disk and takes no memory for its size. Two never use it at once, and the lock goes
 * with the process that holds it.
 *
 * <p>A shard and its entries enter together ({@link #seal}), when the shard's bytes are on disk. Before that, its images
 * come again; after that, they never do, and the shard is pending until it is {@link #done}.
 */
final class Journal implements Closeable {
    private static final String FILE = "journal.mv";
    private static final int CACHE_MIB = 16;

    private final Path directory;
    private final MVStore store;
    private final MVMap<String, String> taken;
    private final MVMap<Long, String> pending;
    private final MVMap<String, Long> counters;

    private Journal(Path directory, MVStore store) {
        this.directory = directory;
        this.store = store;
        this.taken = store.openMap("taken");
        this.pending = store.openMap("pending");
        this.counters = store.openMap("counters");
    }

    /** The folder, below a state directory, of what is ingested in one way from one place. */
    static Path directory(Path state, Purpose purpose) {
        String digest = Sha256.of(purpose.toString().getBytes(StandardCharsets.UTF_8));
        return state.resolve("ingest").resolve(purpose.task() + "-" + digest.substring(0, 16));
    }

    /**
     * What a journal is for. The same source may be ingested for several, independently.
     *
     * @param source its absolute path, or {@code -}
     * @param split the fact's name of it
     */
    record Purpose(String task, String source, boolean labeled, String split) {}

    /**
     * Opens a journal, made if there is none, and removes what a killed ingest left unfinished.
     *
     * @throws IOException if another process uses it, it is for another purpose, or it cannot be read or written
     */
    static Journal open(Path directory, Purpose purpose) throws IOException {
        Files.createDirectories(directory);
        Journal journal = new Journal(directory, openStore(directory));
        try {
            journal.requirePurpose(purpose);
            journal.removeUnfinished();
            return journal;
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    private static MVStore openStore(Path directory) throws IOException {
        try {
            return new MVStore.Builder()
                    .fileName(directory.resolve(FILE).toString())
                    .autoCommitDisabled()
                    .cacheSize(CACHE_MIB)
                    .open();
        } catch (MVStoreException e) {
            if (e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
                throw new IOException(
                        "Another tutelage ingests this source into this task right now (journal " + directory
                                + "). Wait for it or stop it; a second one would find nothing to do",
                        e);
            }
            throw new IOException(
                    "The journal in " + directory + " cannot be opened: " + e.getMessage()
                            + ". Free some disk space or correct its permissions. If it is damaged, remove that folder:"
                            + " the source is then ingested from its beginning, a second time",
                    e);
        }
    }

    /** Names this journal among all there are. */
    String id() {
        return store.<String, String>openMap("about").get("id");
    }

    private void requirePurpose(Purpose purpose) throws IOException {
        MVMap<String, String> about = store.openMap("about");
        String known = about.putIfAbsent("purpose", purpose.toString());
        if (known != null && !known.equals(purpose.toString())) {
            throw new IOException("The journal in " + directory + " is for " + known + ", not for " + purpose
                    + ". Name another folder with --journal");
        }
        about.putIfAbsent("id", UUID.randomUUID().toString());
        commit();
    }

    private void removeUnfinished() throws IOException {
        try (DirectoryStream<Path> shards = Files.newDirectoryStream(directory, "*.tar")) {
            for (Path shard : shards) {
                if (pending.keyList().stream().noneMatch(number -> shard(number).equals(shard))) {
                    Files.delete(shard);
                }
            }
        }
    }

    Path directory() {
        return directory;
    }

    /** Where the bytes of a shard are until it is done. */
    Path shard(long number) {
        return directory.resolve("shard-%08d.tar".formatted(number));
    }

    /** The number of the next shard. */
    synchronized long nextShard() {
        return counters.getOrDefault("next", 0L);
    }

    /** Whether this was dealt with, in this very state. */
    boolean holds(Entry entry) {
        return entry.version().equals(taken.get(entry.identity()));
    }

    /** Whether a file was dealt with and looks as it did then. */
    boolean holdsFile(String path, FileStamp stamp) {
        return version(Entry.file(path))
                .filter(version -> version.startsWith(stamp + " "))
                .isPresent();
    }

    /** Whether a file was dealt with and had these bytes, whatever became of its time. */
    boolean holdsContent(String path, String digest) {
        return version(Entry.file(path))
                .filter(version -> version.endsWith(" " + digest))
                .isPresent();
    }

    private Optional<String> version(String identity) {
        return Optional.ofNullable(taken.get(identity));
    }

    /** A shard's bytes are on disk: it will be said, and its entries are not taken again. All or nothing. */
    synchronized void seal(SealedShard shard, Collection<Entry> entries) throws IOException {
        change(() -> {
            entries.forEach(entry -> taken.put(entry.identity(), entry.version()));
            pending.put(shard.number(), shard.text());
            counters.put("next", shard.number() + 1);
        });
    }

    /** Remembers what needs no shard, such as a tar of which every image is in one. */
    synchronized void note(Collection<Entry> entries) throws IOException {
        change(() -> entries.forEach(entry -> taken.put(entry.identity(), entry.version())));
    }

    /** The shards that are not known to be said, in their order. */
    synchronized List<SealedShard> pending() {
        List<SealedShard> shards = new ArrayList<>();
        for (Map.Entry<Long, String> shard : pending.entrySet()) {
            shards.add(SealedShard.parse(shard.getKey(), shard.getValue()));
        }
        return shards;
    }

    /** A shard is stored and said: its bytes here are not needed any more. */
    synchronized void done(SealedShard shard) throws IOException {
        change(() -> pending.remove(shard.number()));
        Files.deleteIfExists(shard(shard.number()));
    }

    private void change(Runnable change) throws IOException {
        try {
            change.run();
            commit();
        } catch (MVStoreException e) {
            throw failed(e);
        }
    }

    private void commit() throws IOException {
        try {
            store.commit();
            // On the disk, not only with the operating system: what follows is seen by others.
            store.sync();
        } catch (MVStoreException e) {
            throw failed(e);
        }
    }

    private IOException failed(MVStoreException e) {
        return new IOException(
                "The journal in " + directory + " cannot be written: " + e.getMessage() + ". Free some disk space", e);
    }

    /** What is not committed was not meant to stay. */
    @Override
    public void close() {
        store.closeImmediately();
    }
}
