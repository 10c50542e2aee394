package dev.tutelage.cli.ingest;

import dev.tutelage.control.ingest.OpenShard;
import dev.tutelage.control.ingest.PackingLimits;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** An open shard of the journal, and what the journal will know when it is sealed. */
final class NotedShard implements Closeable {
    private final long number;
    private final long opened;
    private final OpenShard shard;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * Begins a shard.
     *
     * @param opened nanoseconds
     */
    NotedShard(long number, Path file, long opened) throws IOException {
        this.number = number;
        this.opened = opened;
        this.shard = new OpenShard(file);
    }

    /** Whether something is in it in this very state. */
    boolean holds(Entry entry) {
        return entry.equals(entries.get(entry.identity()));
    }

    /** Whether it has to be sealed before that image, to keep within the limits. */
    boolean isFullFor(Outcome.Usable image, PackingLimits limits) {
        return shard.isFullFor(image.image().bytes().length, image.label().isPresent(), limits);
    }

    boolean isFull(PackingLimits limits) {
        return shard.isFull(limits);
    }

    void add(Outcome.Usable image) throws IOException {
        Entry entry = image.entry();
        shard.add(image.key(), image.image().bytes(), image.label(), entry.identity() + " " + entry.version());
        note(entry);
    }

    /** Remembers with the shard what needs no image of its own. */
    void note(Entry entry) {
        entries.put(entry.identity(), entry);
    }

    long opened() {
        return opened;
    }

    Collection<Entry> entries() {
        return entries.values();
    }

    /** Ends it; when this returns its bytes are on the disk. */
    SealedShard seal() throws IOException {
        return new SealedShard(number, shard.seal(), shard.images());
    }

    @Override
    public void close() throws IOException {
        shard.close();
    }
}
