package dev.tutelage.control.ingest;

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
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/** A shard that images go into. Until it is sealed, it is nothing: a killed writer leaves a file that is removed. */
public final class OpenShard implements Closeable {
    private static final int BLOCK = 512;
    /** Hexadecimal digits that tell images apart whose names give one key. */
    private static final int DISTINCTION = 12;

    private final Path file;
    private final FileChannel channel;
    private final ShardWriter writer;
    private final Set<String> keys = new HashSet<>();
    private int images;
    private long bytes;

    /** Begins a shard in a file, which is overwritten. */
    public OpenShard(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        this.writer = new ShardWriter(new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16));
    }

    /**
     * Whether it has to be sealed before an image, to keep within the limits.
     *
     * @param encodedBytes of the image
     */
    public boolean isFullFor(int encodedBytes, boolean labeled, PackingLimits limits) {
        return images >= limits.images() || (images > 0 && bytes + size(encodedBytes, labeled) > limits.bytes());
    }

    public boolean isFull(PackingLimits limits) {
        return images >= limits.images() || bytes >= limits.bytes();
    }

    /**
     * Adds an image.
     *
     * @param key which is made another one if the shard has it already: {@code a.png} and {@code a.jpg} have the same
     * @param distinction what tells the image from others of that key
     */
    public void add(String key, byte[] encoded, OptionalInt label, String distinction) throws IOException {
        writer.add(unused(key, distinction), encoded, label);
        bytes += size(encoded.length, label.isPresent());
        images++;
    }

    public int images() {
        return images;
    }

    /** Ends it; when this returns its bytes are on the disk. Returns their SHA-256, in hexadecimal. */
    public String seal() throws IOException {
        writer.close();
        try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        return Sha256.of(file);
    }

    private String unused(String key, String distinction) {
        String unused = key;
        for (int times = 0; !keys.add(unused); times++) {
            String what = times == 0 ? distinction : distinction + " " + times;
            unused =
                    key + "~" + Sha256.of(what.getBytes(StandardCharsets.UTF_8)).substring(0, DISTINCTION);
        }
        return unused;
    }

    /** What an image takes of the tar, with its header and label; long names take a little more. */
    private static long size(int encodedBytes, boolean labeled) {
        long content = BLOCK + blocks(encodedBytes);
        return labeled ? content + 2 * BLOCK : content;
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
