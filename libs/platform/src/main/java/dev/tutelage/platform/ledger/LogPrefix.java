package dev.tutelage.platform.ledger;

import dev.tutelage.event.v1.ShardAdded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Prefixes of the shard log.
 *
 * <p>A trigger looks at the log at some moment, and another trigger, or the same one after a restart, looks at another.
 * What must be the same for both and for ever, such as the images that all checkpoints are evaluated on, is never "what is
 * there now" but the shortest prefix of the log that is enough.
 */
public final class LogPrefix {

    private LogPrefix() {}

    /**
     * The first shards that together hold at least {@code minImages} images; empty while there are too few.
     *
     * @param shards in the order of the log
     */
    public static Optional<List<ShardAdded>> holding(long minImages, List<ShardAdded> shards) {
        List<ShardAdded> prefix = new ArrayList<>();
        long images = 0;
        for (ShardAdded shard : shards) {
            if (images >= minImages) {
                break;
            }
            prefix.add(shard);
            images += shard.getImages();
        }
        return images >= minImages && !prefix.isEmpty() ? Optional.of(List.copyOf(prefix)) : Optional.empty();
    }
}
