package dev.tutelage.gateway.predict.nearest;

import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The first images of a shard that is learned from.
 *
 * @param images how many, at least 1
 */
record Portion(ShardAdded shard, int images) {

    String digest() {
        return shard.getShard().getDigest();
    }

    /**
     * What images are compared with: of the newest shards a like share, and more shards where they are small.
     *
     * @param newestFirst shards of whatever split
     */
    static List<Portion> of(Stream<ShardAdded> newestFirst, NearestSettings settings) {
        int share = Math.max(1, settings.images() / settings.spread());
        List<Portion> portions = new ArrayList<>();
        int left = settings.images();
        Iterator<ShardAdded> shards = newestFirst.iterator();
        while (left > 0 && portions.size() < settings.shards() && shards.hasNext()) {
            ShardAdded shard = shards.next();
            if (shard.getSplit() != Split.SPLIT_HELD_OUT && shard.getImages() > 0) {
                Portion portion = new Portion(shard, Math.min(left, Math.min(share, shard.getImages())));
                portions.add(portion);
                left -= portion.images();
            }
        }
        return portions;
    }
}
