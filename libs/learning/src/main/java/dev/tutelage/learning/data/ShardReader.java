package dev.tutelage.learning.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Reads a WebDataset shard from a stream and stands between hostile bytes and everything after it: nothing that is in
 * the stream makes it throw. A bad image becomes a {@link RejectedImage}, a bad tar becomes the damage text of the
 * {@link ShardContents}, and what came before is kept. Entries that follow each other with the same key (the path up to
 * the first dot of its last part) are one sample; {@code .png}, {@code .jpg}, {@code .jpeg} and {@code .webp} are its
 * image, {@code .cls} its label, and other extensions are left alone.
 *
 * <p>Images are decoded on all cores, a few for each at a time; what comes out does not depend on how many cores there are.
 */
public final class ShardReader {

    private final ImageShape shape;
    private final OptionalInt classes;
    private final ShardLimits limits;
    private final PixelStore pixels;

    private final Set<String> seenKeys = new HashSet<>();
    private final List<String> keys = new ArrayList<>();
    private final List<String> digests = new ArrayList<>();
    private final List<Integer> labels = new ArrayList<>();
    private final List<RejectedImage> rejected = new ArrayList<>();

    private ShardReader(ImageShape shape, OptionalInt classes, ShardLimits limits, PixelStore pixels) {
        this.shape = shape;
        this.classes = classes;
        this.limits = limits;
        this.pixels = pixels;
    }

    /**
     * Reads a labeled shard: an image without a valid label is rejected.
     *
     * @param in the tar; read once, front to back, and not closed
     * @param shape the shape that every image is brought to
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
     * @param shape the shape that every image is brought to
     * @throws IOException if the stream itself fails (never for what is in it)
     */
    public static ShardContents read(InputStream in, ImageShape shape) throws IOException {
        return read(in, shape, OptionalInt.empty(), ShardLimits.DEFAULT);
    }

    /** Reads a shard, labeled if {@code classes} is given, within the given limits; see the other two. */
    public static ShardContents read(InputStream in, ImageShape shape, OptionalInt classes, ShardLimits limits)
            throws IOException {
        return new ShardReader(shape, classes, limits, new PixelStore.Heap()).readAll(new TarSamples(in, limits));
    }

    /**
     * Reads a shard like the others, but keeps the pixels in a file that is mapped into memory, so that they take no heap.
     *
     * @param pixels the file to write, which must not exist; it may be deleted as soon as this has returned, and its room
     *     is given back when the images are no longer used
     * @throws IOException if the stream itself fails, or the file cannot be written
     */
    public static ShardContents readMapped(
            InputStream in, ImageShape shape, OptionalInt classes, ShardLimits limits, Path pixels) throws IOException {
        try (PixelStore.Mapped store = new PixelStore.Mapped(pixels, shape.size())) {
            return new ShardReader(shape, classes, limits, store).readAll(new TarSamples(in, limits));
        }
    }

    private ShardContents readAll(TarSamples samples) throws IOException {
        Optional<String> damage = decodeAll(samples);
        if (tooManyRejected()) {
            damage = Optional.of("more than " + limits.rejected() + " of its images are unusable; the last is "
                    + rejected.get(limits.rejected()).key() + ", and what comes after it was not looked at");
        } else if (damage.isEmpty() && keys.isEmpty() && rejected.isEmpty()) {
            damage = Optional.of("the shard holds no images");
        }
        Optional<int[]> classIndices = classes.isPresent()
                ? Optional.of(labels.stream().mapToInt(Integer::intValue).toArray())
                : Optional.empty();
        return new ShardContents(new ImageSet(shape, keys, pixels.finish(), digests, classIndices), rejected, damage);
    }

    /** Decodes to the end, or to the damage it returns. */
    private Optional<String> decodeAll(TarSamples samples) throws IOException {
        try (InOrder<Decoded> decoding = InOrder.onAllCores(this::keep)) {
            Optional<TarSample> next = samples.next();
            while (next.isPresent() && !tooManyRejected()) {
                if (isFull(decoding.underWay())) {
                    decoding.drain();
                }
                if (isFull(0)) {
                    return Optional.of(samples.tooLarge());
                }
                decoding.submit(next.get().bytes() + (long) shape.size(), decoding(next.get()));
                next = samples.next();
            }
            decoding.drain();
            return samples.damage();
        }
    }

    private boolean isFull(int underWay) {
        return ((long) keys.size() + underWay) * shape.size() >= limits.decodedBytes();
    }

    private boolean tooManyRejected() {
        return rejected.size() > limits.rejected();
    }

    /** A sample after decoding: an image, or the reason why it is none. */
    private sealed interface Decoded {}

    private record Usable(String key, DecodedPixels pixels, OptionalInt label) implements Decoded {}

    private record Unusable(RejectedImage image) implements Decoded {}

    private Callable<Decoded> decoding(TarSample sample) {
        return () -> {
            try {
                TarSample.requireKey(sample.key());
                byte[] encoded = sample.encoded(limits.entryBytes());
                OptionalInt label = label(sample);
                return new Usable(sample.key(), DecodedPixels.of(encoded, shape), label);
            } catch (UnusableImageException e) {
                return new Unusable(RejectedImage.of(sample.key(), e));
            }
        };
    }

    /** Takes the next sample, in the order of the tar. */
    private void keep(Decoded decoded) throws IOException {
        if (tooManyRejected()) {
            return;
        }
        if (decoded instanceof Unusable unusable) {
            rejected.add(unusable.image());
        } else if (decoded instanceof Usable usable) {
            keep(usable);
        }
    }

    private void keep(Usable image) throws IOException {
        if (!seenKeys.add(image.key())) {
            keep(new Unusable(new RejectedImage(
                    image.key(), RejectionKind.BAD_KEY, "has a key that an earlier image of the shard has")));
            return;
        }
        pixels.add(image.pixels().values());
        keys.add(image.key());
        digests.add(image.pixels().digest());
        image.label().ifPresent(labels::add);
    }

    private OptionalInt label(TarSample sample) throws UnusableImageException {
        if (classes.isEmpty()) {
            return OptionalInt.empty();
        }
        int label = sample.classIndex();
        if (label >= classes.getAsInt()) {
            throw new UnusableImageException(
                    RejectionKind.BAD_LABEL,
                    "has label " + label + ", but the task's classes are 0 to " + (classes.getAsInt() - 1));
        }
        return OptionalInt.of(label);
    }
}
