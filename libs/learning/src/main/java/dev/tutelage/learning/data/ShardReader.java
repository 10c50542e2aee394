package dev.tutelage.learning.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Reads a WebDataset shard from a stream and stands between hostile bytes and everything after it: nothing that is in
 * the stream makes it throw. A bad image becomes a {@link RejectedImage}, a bad tar becomes the damage text of the
 * {@link ShardContents}, and what came before is kept. Entries that follow each other with the same key (the path up to
 * the first dot of its last part) are one sample; {@code .png}, {@code .jpg} and {@code .jpeg} are its image,
 * {@code .cls} its label, and other extensions are left alone.
 */
public final class ShardReader {
    private static final int LONGEST_KEY = 512;
    private static final int LONGEST_LABEL = 32;
    private static final Set<String> IMAGE_EXTENSIONS = Set.of("png", "jpg", "jpeg");

    private final ImageShape shape;
    private final OptionalInt classes;
    private final ShardLimits limits;

    private final Set<String> seenKeys = new HashSet<>();
    private final List<String> keys = new ArrayList<>();
    private final List<byte[]> pixels = new ArrayList<>();
    private final List<String> digests = new ArrayList<>();
    private final List<Integer> labels = new ArrayList<>();
    private final List<RejectedImage> rejected = new ArrayList<>();
    private Optional<Sample> open = Optional.empty();

    private ShardReader(ImageShape shape, OptionalInt classes, ShardLimits limits) {
        this.shape = shape;
        this.classes = classes;
        this.limits = limits;
    }

    /**
     * Reads a labeled shard: an image without a valid label is rejected.
     *
     * @param in the tar; read once, front to back, and not closed
     * @param shape the shape every image must have
     * @param classes labels must be 0 to {@code classes} - 1
     * @throws IOException if the stream itself fails (never for what is in it)
     */
    public static ShardContents read(InputStream in, ImageShape shape, int classes) throws IOException {
        if (classes < 1) {
            throw new IllegalArgumentException("classes is " + classes + ": a labeled shard has at least one class");
        }
        return read(in, shape, OptionalInt.of(classes), ShardLimits.DEFAULT);
    }

    /**
     * Reads an unlabeled shard; labels in it, if any, are not looked at.
     *
     * @param in the tar; read once, front to back, and not closed
     * @param shape the shape every image must have
     * @throws IOException if the stream itself fails (never for what is in it)
     */
    public static ShardContents read(InputStream in, ImageShape shape) throws IOException {
        return read(in, shape, OptionalInt.empty(), ShardLimits.DEFAULT);
    }

    /** Reads a shard, labeled if {@code classes} is given, within the given limits; see the other two. */
    public static ShardContents read(InputStream in, ImageShape shape, OptionalInt classes, ShardLimits limits)
            throws IOException {
        return new ShardReader(shape, classes, limits).readAll(new TarSource(in));
    }

    private ShardContents readAll(TarSource source) throws IOException {
        Optional<String> damage = readEntries(source);
        open.ifPresent(sample -> finish(sample, damage.isPresent()));
        if (damage.isEmpty() && keys.isEmpty() && rejected.isEmpty()) {
            return contents(Optional.of("the shard holds no images"));
        }
        return contents(damage);
    }

    private ShardContents contents(Optional<String> damage) {
        Optional<int[]> classIndices = classes.isPresent()
                ? Optional.of(labels.stream().mapToInt(Integer::intValue).toArray())
                : Optional.empty();
        return new ShardContents(new ImageSet(shape, keys, pixels, digests, classIndices), rejected, damage);
    }

    /** Reads to the end, or to the damage it returns. */
    @SuppressWarnings("resource") // closing the tar would close the caller's stream
    private Optional<String> readEntries(TarSource source) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(source, StandardCharsets.UTF_8.name());
        String where = "at the start";
        try {
            for (int count = 0; ; count++) {
                source.allowHeader();
                TarArchiveEntry entry = tar.getNextEntry();
                if (entry == null) {
                    return source.endedWithMarker()
                            ? Optional.empty()
                            : Optional.of("the tar's end is missing (truncated?) " + where);
                }
                if (count == limits.entries() || decodedBytes() >= limits.decodedBytes()) {
                    return Optional.of("the shard is larger than this reader allows, split it; stopped " + where);
                }
                where = "in entry " + shown(entry.getName()) + ", whose content begins at byte " + source.offset();
                source.allowContent();
                if (entry.isSparse()) {
                    return Optional.of("sparse entries are not supported: stopped " + where);
                }
                readEntry(tar, entry);
                where = "after entry " + shown(entry.getName()) + ", at byte " + source.offset();
            }
        } catch (IOException | RuntimeException e) {
            source.rethrowFailure();
            return Optional.of(e.getMessage() + " " + where);
        }
    }

    private long decodedBytes() {
        return (long) pixels.size() * shape.size();
    }

    private void readEntry(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
        String name = entry.getName();
        int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
        if (!entry.isFile() || dot < 0) {
            drain(tar);
            return;
        }
        String key = name.substring(0, dot);
        String extension = name.substring(dot + 1);
        boolean image = IMAGE_EXTENSIONS.contains(extension);
        if (!image && !extension.equals("cls")) {
            drain(tar);
            return;
        }
        Sample sample = sample(key);
        if (image) {
            sample.image = content(tar, limits.entryBytes());
            sample.imageTooLarge = sample.image.isEmpty();
        } else {
            sample.label = content(tar, LONGEST_LABEL);
            sample.labelSeen = true;
        }
    }

    /** The sample with this key if it is the one being read, else a new one after finishing that. */
    private Sample sample(String key) {
        if (open.isPresent() && open.get().key.equals(key)) {
            return open.get();
        }
        open.ifPresent(sample -> finish(sample, false));
        Sample sample = new Sample(key);
        open = Optional.of(sample);
        return sample;
    }

    /** The entry's bytes, or empty (and the rest skipped) if there are more than {@code limit}. */
    private static Optional<byte[]> content(TarArchiveInputStream tar, int limit) throws IOException {
        byte[] bytes = tar.readNBytes(limit + 1);
        if (bytes.length <= limit) {
            return Optional.of(bytes);
        }
        drain(tar);
        return Optional.empty();
    }

    private static void drain(TarArchiveInputStream tar) throws IOException {
        tar.transferTo(OutputStream.nullOutputStream());
    }

    /** Turns a sample into an image of the set or a rejected one. */
    private void finish(Sample sample, boolean cutOff) {
        try {
            checkKey(sample.key);
            if (sample.imageTooLarge) {
                throw new UnusableImageException("has more than " + limits.entryBytes() + " bytes");
            }
            byte[] encoded = sample.image.orElseThrow(() -> new UnusableImageException(
                    cutOff ? "is cut off where the shard is damaged" : "has a label but no image"));
            OptionalInt label = label(sample, cutOff);
            byte[] decoded = ImageCodec.decode(encoded, shape);
            if (!seenKeys.add(sample.key)) {
                throw new UnusableImageException("has a key that an earlier image of the shard has");
            }
            keys.add(sample.key);
            pixels.add(decoded);
            digests.add(Sha256.of(encoded));
            label.ifPresent(labels::add);
        } catch (UnusableImageException e) {
            rejected.add(new RejectedImage(shown(sample.key), e.getMessage()));
        }
    }

    private static void checkKey(String key) throws UnusableImageException {
        if (key.isEmpty() || key.endsWith("/")) {
            throw new UnusableImageException("has no key: its name starts with a dot");
        }
        if (key.length() > LONGEST_KEY || key.chars().anyMatch(Character::isISOControl)) {
            throw new UnusableImageException(
                    "has a key of more than " + LONGEST_KEY + " characters or with control characters");
        }
    }

    private OptionalInt label(Sample sample, boolean cutOff) throws UnusableImageException {
        if (classes.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!sample.labelSeen) {
            throw new UnusableImageException(
                    cutOff ? "is cut off where the shard is damaged" : "has no label (.cls entry)");
        }
        byte[] bytes = sample.label.orElseThrow(
                () -> new UnusableImageException("has a label that is longer than " + LONGEST_LABEL + " bytes"));
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        if (!text.matches("[0-9]{1,9}")) {
            throw new UnusableImageException("has a label that is not a whole number: \"" + shown(text) + "\"");
        }
        int label = Integer.parseInt(text);
        if (label >= classes.getAsInt()) {
            throw new UnusableImageException(
                    "has label " + label + ", but the task's classes are 0 to " + (classes.getAsInt() - 1));
        }
        return OptionalInt.of(label);
    }

    /** Strangers' text, fit for a log line. */
    private static String shown(String text) {
        String printable = text.replaceAll("[^\\p{Print}\\p{L}\\p{N}]", "?");
        return printable.length() <= 100 ? printable : printable.substring(0, 100) + "...";
    }

    private static final class Sample {
        private final String key;
        private Optional<byte[]> image = Optional.empty();
        private Optional<byte[]> label = Optional.empty();
        private boolean imageTooLarge;
        private boolean labelSeen;

        private Sample(String key) {
            this.key = key;
        }
    }
}
