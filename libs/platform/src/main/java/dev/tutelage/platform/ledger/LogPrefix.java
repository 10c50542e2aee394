package dev.tutelage.platform.ledger;

import dev.tutelage.event.v1.ShardAdded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Datasets as prefixes of the shard log.
 *
 * <p>A trigger looks at the log at some moment, and another trigger, or the same one after a restart, looks at another.
 * Both must ask for the same run, so a dataset is never "what is there now" but the shortest prefix of the log that
 * satisfies the policy.
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
