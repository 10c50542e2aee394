package dev.tutelage.gateway.queue;

import com.google.protobuf.ByteString;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.data.ShardLimits;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The encoded images of a shard, found by their digests. They are in a file without a name, which goes with the process. */
final class UnpackedShard implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(UnpackedShard.class);
    private static final Set<String> IMAGES = Set.of("png", "jpg", "jpeg", "webp");

    private final FileChannel channel;
    private final Map<String, Place> places = new HashMap<>();
    private long size;

    /**
     * An image as the shard has it.
     *
     * @param key that it has there
     * @param encoded its bytes
     */
    record Original(String key, ByteString encoded) {}

    private record Place(String key, long offset, int length) {}

    private UnpackedShard(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Unpacks a shard. Of one that is damaged the images before the damage are there.
     *
     * @param file for the images, which must not exist
     */
    static UnpackedShard of(Path tar, Path file) throws IOException {
        UnpackedShard shard = new UnpackedShard(FileChannel.open(
                file,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE));
        try (TarArchiveInputStream in = new TarArchiveInputStream(
                new BufferedInputStream(Files.newInputStream(tar)), StandardCharsets.UTF_8.name())) {
            shard.addAll(in);
        } catch (UncheckedIOException e) {
            shard.close();
            throw e.getCause();
        } catch (IOException | IllegalArgumentException e) {
            LOG.info("A shard is damaged, what comes after the damage is left out: {}", e.toString());
        }
        return shard;
    }

    private void addAll(TarArchiveInputStream in) throws IOException {
        int entries = 0;
        TarArchiveEntry entry = in.getNextEntry();
        while (entry != null && entries < ShardLimits.DEFAULT.entries()) {
            String name = entry.getName();
            int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
            if (entry.isFile() && !entry.isSparse() && dot > 0 && IMAGES.contains(name.substring(dot + 1))) {
                add(name.substring(0, dot), in);
            }
            entries++;
            entry = in.getNextEntry();
        }
    }

    private void add(String key, InputStream in) throws IOException {
        byte[] encoded = in.readNBytes(ShardLimits.DEFAULT.entryBytes() + 1);
        if (encoded.length > ShardLimits.DEFAULT.entryBytes()) {
            return;
        }
        if (places.putIfAbsent(Sha256.of(encoded), new Place(key, size, encoded.length)) == null) {
            append(encoded);
        }
    }

    /** That the disk is full does not mean that the shard is damaged. */
    private void append(byte[] encoded) {
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        try {
            while (buffer.hasRemaining()) {
                size += channel.write(buffer, size);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The image of that digest. */
    Optional<Original> find(String image) throws IOException {
        Place place = places.get(image);
        if (place == null) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.allocate(place.length());
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, place.offset() + buffer.position()) < 0) {
                throw new EOFException("the images of a shard end too early");
            }
        }
        return Optional.of(new Original(place.key(), ByteString.copyFrom(buffer.flip())));
    }

    /** The key of the image of that digest. */
    Optional<String> key(String image) {
        return Optional.ofNullable(places.get(image)).map(Place::key);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
