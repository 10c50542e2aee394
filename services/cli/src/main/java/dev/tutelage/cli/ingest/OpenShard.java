package dev.tutelage.cli.ingest;

import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.data.ShardWriter;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A shard that images go into. Until it is sealed, it is nothing: a killed ingest leaves a file that is removed. */
final class OpenShard implements Closeable {
    private static final int BLOCK = 512;
    /** Hexadecimal digits that tell images apart whose paths give one key. */
    private static final int DISTINCTION = 12;

    private final long number;
    private final long opened;
    private final Path file;
    private final FileChannel channel;
    private final ShardWriter writer;
    private final Set<String> keys = new HashSet<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private int images;
    private long bytes;

    /**
     * Begins a shard.
     *
     * @param opened nanoseconds
     */
    OpenShard(long number, Path file, long opened) throws IOException {
        this.number = number;
        this.opened = opened;
        this.file = file;
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        this.writer = new ShardWriter(new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16));
    }

    /** Whether something is in it in this very state. */
    boolean holds(Entry entry) {
        return entry.equals(entries.get(entry.identity()));
    }

    /** Whether it has to be sealed before that image, to keep within the limits. */
    boolean isFullFor(Outcome.Usable image, PackingLimits limits) {
        return images >= limits.images() || (images > 0 && bytes + size(image) > limits.bytes());
    }

    boolean isFull(PackingLimits limits) {
        return images >= limits.images() || bytes >= limits.bytes();
    }

    void add(Outcome.Usable image) throws IOException {
        writer.add(key(image), image.image().bytes(), image.label());
        bytes += size(image);
        images++;
        note(image.entry());
    }

    /** Remembers with the shard what needs no image of its own. */
    void note(Entry entry) {
        entries.put(entry.identity(), entry);
    }

    int images() {
        return images;
    }

    long opened() {
        return opened;
    }

    Collection<Entry> entries() {
        return entries.values();
    }

    /** Ends it; when this returns its bytes are on the disk. */
    SealedShard seal() throws IOException {
        writer.close();
        try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        return new SealedShard(number, Sha256.of(file), images);
    }

    /** The image's own key, or one made from it: {@code a.png} and {@code a.jpg} have the same. */
    private String key(Outcome.Usable image) {
        if (keys.add(image.key())) {
            return image.key();
        }
        String what = image.entry().identity() + " " + image.entry().version();
        String distinct = image.key() + "~"
                + Sha256.of(what.getBytes(StandardCharsets.UTF_8)).substring(0, DISTINCTION);
        keys.add(distinct);
        return distinct;
    }

    /** What the image takes of the tar, with its header and label; long names take a little more. */
    private static long size(Outcome.Usable image) {
        long content = BLOCK + blocks(image.image().bytes().length);
        return image.label().isPresent() ? content + 2 * BLOCK : content;
    }

    private static long blocks(long length) {
        return (length + BLOCK - 1) / BLOCK * BLOCK;
    }

    /** Gives the file free; what was not sealed is lost. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
