package dev.tutelage.learning.data;

import java.util.List;
import java.util.Optional;

/**
 * What could be read of a shard.
 *
 * @param images the usable images, in the shard's order
 * @param rejected the images that were left out, each with its reason
 * @param damage set when the shard itself is not whole (truncated, not a tar, empty, over a limit): what is wrong and
 *     where. The images before the damage are in {@code images} all the same
 */
public record ShardContents(ImageSet images, List<RejectedImage> rejected, Optional<String> damage) {
    public ShardContents {
        rejected = List.copyOf(rejected);
    }
}
