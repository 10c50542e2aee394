package dev.tutelage.learning.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Packs a source into WebDataset shards. Every image is decoded, so that nothing is packed that a training could not use;
 * its bytes are kept as they are. Images that cannot be used are left out and counted.
 */
public final class Packing {
    private static final int REASONS = 20;
    private static final int TOLD = 3;

    /**
     * How to pack.
     *
     * @param shape that images will have when they are used
     * @param classes that labels mean, or empty for shards without labels
     * @param shardSize images in a shard, 1 or more
     * @param limit of images that are left out
     * @param resized whether images of another size are brought to the shape now and written as PNG, rather than each time
     *     that they are read
     */
    public record Settings(
            ImageShape shape, Optional<ClassNames> classes, int shardSize, RejectionLimit limit, boolean resized) {

        /** @throws IllegalArgumentException if a shard would hold nothing */
        public Settings {
            if (shardSize < 1) {
                throw new IllegalArgumentException("shard size is " + shardSize + ": it must be 1 or more");
            }
        }
    }

    private final Settings settings;
    private final ImageCheck check;
    private final ShardFiles shards;
    private final Set<String> keys = new HashSet<>();
    private final List<Integer> labels = new ArrayList<>();
    private final List<RejectedImage> reasons = new ArrayList<>();
    private int rejected;

    private Packing(Settings settings, ShardFiles shards) {
        this.settings = settings;
        this.check = new ImageCheck(settings.shape(), settings.classes());
        this.shards = shards;
    }

    /**
     * Packs all images of a source.
     *
     * @param directory for the shards, {@code shard-000000.tar} and on; made if it is not there
     * @throws IOException if the source cannot be read on, too many of its images cannot be used, or the shards cannot be
     *     written; no shards are left then
     */
    public static PackedImages run(ImageSource source, Settings settings, Path directory) throws IOException {
        try (ShardFiles shards = new ShardFiles(directory, settings.shardSize())) {
            return new Packing(settings, shards).pack(source);
        }
    }

    private PackedImages pack(ImageSource source) throws IOException {
        try (InOrder<Outcome> work = InOrder.onAllCores(this::keep)) {
            long bytes =
                    ShardLimits.DEFAULT.entryBytes() + (long) settings.shape().size();
            source.forEach(image -> work.submit(bytes, () -> prepare(image)));
            work.drain();
        }
        requireFewRejected(true);
        if (keys.isEmpty()) {
            throw new IOException("the source holds no image that can be used" + told());
        }
        Map<String, Integer> perClass =
                settings.classes().map(classes -> classes.counts(labels)).orElse(Map.of());
        return new PackedImages(keys.size(), perClass, rejected, reasons, shards.finish());
    }

    /** An image on its way into a shard, or the reason why it is not. */
    private sealed interface Outcome {}

    private record Prepared(String key, Content content, OptionalInt label) implements Outcome {}

    private record Unusable(RejectedImage image) implements Outcome {}

    /** Encoded bytes. */
    private interface Content {
        byte[] encoded();
    }

    private Outcome prepare(SourceImage image) throws IOException {
        try {
            check.requireKey(image.key());
            byte[] encoded = image.content().encoded();
            OptionalInt label = check.label(image);
            byte[] pixels = ImageCodec.decode(encoded, settings.shape());
            boolean kept = !settings.resized() || ImageCodec.hasSize(encoded, settings.shape());
            byte[] packed = kept ? encoded : ImageCodec.png(settings.shape(), pixels);
            return new Prepared(image.key(), () -> packed, label);
        } catch (UnusableImageException e) {
            return new Unusable(RejectedImage.of(image.key(), e));
        }
    }

    private void keep(Outcome outcome) throws IOException {
        if (outcome instanceof Unusable unusable) {
            reject(unusable.image());
        } else if (outcome instanceof Prepared image && keys.add(image.key())) {
            shards.add(image.key(), image.content().encoded(), image.label());
            image.label().ifPresent(labels::add);
        } else if (outcome instanceof Prepared image) {
            reject(new RejectedImage(image.key(), RejectionKind.BAD_KEY, "has a key that an earlier image has"));
        }
    }

    private void reject(RejectedImage image) throws IOException {
        rejected++;
        if (reasons.size() < REASONS) {
            reasons.add(image);
        }
        requireFewRejected(false);
    }

    private void requireFewRejected(boolean atEnd) throws IOException {
        int seen = keys.size() + rejected;
        if (settings.limit().isExceeded(rejected, seen, atEnd)) {
            throw new IOException(rejected + " of " + seen + (atEnd ? "" : " or more") + " images cannot be used, and "
                    + settings.limit() + " may be" + told()
                    + "\nCorrect them, or allow more with --max-rejected. No shards were written");
        }
    }

    /** The first reasons, a line each. */
    private String told() {
        return reasons.stream()
                .limit(TOLD)
                .map(image -> "\n  " + image.key() + " " + image.reason())
                .collect(Collectors.joining());
    }
}
