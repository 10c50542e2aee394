package dev.tutelage.cli.ingest;

import dev.tutelage.learning.random.Seed;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * Files of a source that wait to be taken, in an order that looks random and is the same each time, and files that were
 * taken. They are on disk, for there may be any number, and are forgotten with the ingest.
 */
final class Arrivals implements Closeable {
    private static final String FILE = "arrivals.mv";
    private static final int CACHE_MIB = 16;
    private static final int BUFFER_KIB = 4096;

    private final Path file;
    private final Seed seed;
    private final MVStore store;
    /** Place in the order and path: when it was first seen as it is, and its stamp. */
    private final MVMap<String, String> waiting;
    /** Path: its stamp when it was taken. */
    private final MVMap<String, String> taken;

    /** @param path from the source on */
    record Arrival(String path, FileStamp stamp) {}

    /** @param directory for the list, which is removed in the end */
    Arrivals(Path directory, long seed) throws IOException {
        this.file = directory.resolve(FILE);
        this.seed = new Seed(seed).of("arrivals");
        Files.deleteIfExists(file);
        this.store = new MVStore.Builder()
                .fileName(file.toString())
                .cacheSize(CACHE_MIB)
                .autoCommitBufferSize(BUFFER_KIB)
                .open();
        this.waiting = store.openMap("waiting");
        this.taken = store.openMap("taken");
    }

    /**
     * A file is there. If it is not as it was when it was last found, it waits from now on.
     *
     * @param now nanoseconds
     */
    void found(String path, FileStamp stamp, long now) {
        if (stamp.toString().equals(taken.get(path))) {
            return;
        }
        String place = place(path);
        String known = waiting.get(place);
        if (known == null || !stamp(known).equals(stamp)) {
            waiting.put(place, now + " " + stamp);
        }
    }

    /** Goes through the files that have been as they are since then, or longer. */
    Taker settledBy(long nanos) {
        return new Taker(nanos);
    }

    /** Takes one after the other. */
    final class Taker {
        private final long settled;
        private String last = "";

        private Taker(long settled) {
            this.settled = settled;
        }

        Optional<Arrival> next() {
            String place = waiting.higherKey(last);
            while (place != null) {
                last = place;
                String known = waiting.get(place);
                if (seen(known) - settled <= 0) {
                    return Optional.of(take(place, known));
                }
                place = waiting.higherKey(place);
            }
            return Optional.empty();
        }
    }

    private Arrival take(String place, String known) {
        Arrival arrival = new Arrival(place.substring(place.indexOf(' ') + 1), stamp(known));
        waiting.remove(place);
        taken.put(arrival.path(), arrival.stamp().toString());
        return arrival;
    }

    /** Text, so that it sorts by the random part first. */
    private String place(String path) {
        return "%016x %s".formatted(seed.of(path).value(), path);
    }

    private static long seen(String known) {
        return Long.parseLong(known.substring(0, known.indexOf(' ')));
    }

    private static FileStamp stamp(String known) {
        return FileStamp.parse(known.substring(known.indexOf(' ') + 1));
    }

    @Override
    public void close() throws IOException {
        store.closeImmediately();
        Files.deleteIfExists(file);
    }
}
