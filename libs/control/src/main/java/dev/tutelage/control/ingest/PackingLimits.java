package dev.tutelage.control.ingest;

import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.ShardLimits;
import java.time.Duration;
import java.util.Optional;

/**
 * When a shard is full.
 *
 * @param images it has at most
 * @param bytes of its tar, at most, unless a single image has more
 * @param linger how long its first image waits for others, if not for as long as it takes
 */
public record PackingLimits(int images, long bytes, Optional<Duration> linger) {
    /** @throws IllegalArgumentException if a shard would hold nothing */
    public PackingLimits {
        if (images < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "a shard of at most " + images + " images and " + bytes + " bytes holds nothing");
        }
    }

    /**
     * These limits, if readers of shards read what they allow.
     *
     * @throws IllegalArgumentException if they do not
     */
    public PackingLimits requireReadable(ImageShape shape) {
        long most = mostReadable(shape);
        if (images > most) {
            throw new IllegalArgumentException("--shard-images is " + images + ", but no shard of images of " + shape
                    + " with more than " + most + " is read whole");
        }
        return this;
    }

    /** These limits, or fewer images where readers of shards would not read so many of them. */
    public PackingLimits readable(ImageShape shape) {
        return new PackingLimits((int) Math.min(images, mostReadable(shape)), bytes, linger);
    }

    private static long mostReadable(ImageShape shape) {
        ShardLimits reader = ShardLimits.DEFAULT;
        // An image and its label are two entries.
        return Math.min(reader.entries() / 2, reader.decodedBytes() / shape.size());
    }
}
