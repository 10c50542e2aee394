package dev.tutelage.learning.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes a WebDataset shard: a tar of {@code <key>.png}, {@code .jpg} or {@code .webp}, each followed by {@code <key>.cls} (the
 * class index as text) when labeled. Time, owner and mode are fixed, so equal images in equal order give equal bytes and
 * one digest.
 */
public final class ShardWriter implements Closeable {
    private final TarArchiveOutputStream tar;
    private final Set<String> keys = new HashSet<>();

    /** Writes to {@code out}, which {@link #close()} closes too. */
    public ShardWriter(OutputStream out) {
        tar = new TarArchiveOutputStream(out, 512, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
    }

    /**
     * Appends an image that is encoded already.
     *
     * @param key unique in the shard; may have folders ({@code a/b}), but no dot in its last part, where WebDataset
     *     starts the extension
     * @param encoded PNG, JPEG or WebP bytes, kept as they are
     * @param label the class index, or empty
     * @throws IllegalArgumentException if the key is empty, has a dot or was used before, or the label is negative
     */
    public void add(String key, byte[] encoded, OptionalInt label) throws IOException {
        checkKey(key);
        put(key + "." + extension(encoded), encoded);
        if (label.isPresent()) {
            if (label.getAsInt() < 0) {
                throw new IllegalArgumentException("the label of " + key + " is negative: " + label.getAsInt());
            }
            put(key + ".cls", Integer.toString(label.getAsInt()).getBytes(StandardCharsets.US_ASCII));
        }
    }

    /**
     * Appends what is known of the image that was appended last, as {@code <key>.json}.
     *
     * @param key of that image
     * @throws IllegalArgumentException if there is no image of that key
     */
    public void addJson(String key, byte[] json) throws IOException {
        if (!keys.contains(key)) {
            throw new IllegalArgumentException("there is no image " + key + " in the shard that this could be about");
        }
        put(key + ".json", json);
    }

    /** Appends an entry of another shard that was written like this one, as it is. */
    public void addEntry(String name, byte[] bytes) throws IOException {
        put(name, bytes);
    }

    /** Appends every image of the set as PNG, labeled if the set is. */
    public void addAll(ImageSet images) throws IOException {
        for (int i = 0; i < images.size(); i++) {
            add(images.key(i), ImageCodec.png(images.shape(), images.pixels(i)), images.label(i));
        }
    }

    /** What is no image at all is written all the same, and its reader says what it thinks of it. */
    private static String extension(byte[] encoded) {
        return Stream.of(ImageFormat.values())
                .filter(format -> format.begins(encoded))
                .findFirst()
                .orElse(ImageFormat.PNG)
                .extension();
    }

    private void checkKey(String key) {
        if (key.isEmpty() || key.substring(key.lastIndexOf('/') + 1).contains(".")) {
            throw new IllegalArgumentException(
                    "\"" + key + "\" cannot be a key: it must not be empty nor have a dot in its last part");
        }
        if (!keys.add(key)) {
            throw new IllegalArgumentException("the key " + key + " is in the shard already");
        }
    }

    private void put(String name, byte[] bytes) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        entry.setModTime(0);
        entry.setIds(0, 0);
        entry.setNames("", "");
        entry.setMode(0644);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
