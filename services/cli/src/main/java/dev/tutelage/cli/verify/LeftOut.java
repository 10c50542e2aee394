package dev.tutelage.cli.verify;

import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.learning.data.ShardIndex;
import dev.tutelage.learning.hygiene.Link;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which images of a shard need no soft labels, because it is told that they were left out and why. Whatever else may be
 * left out of soft labels by right is to be told here.
 */
final class LeftOut {
    private final Map<String, Integer> told = new HashMap<>();
    private final Map<String, Integer> linked = new HashMap<>();
    private int untold;
    private boolean damaged;

    /**
     * What the dead letters of a run tell about a shard, and its labels about duplicates.
     *
     * @param rejected how many images the run's fact says it rejected, or left out because they are held out
     * @param links to the labels of equal images
     */
    static LeftOut of(String shard, List<RejectedItem> items, int rejected, List<Link> links) {
        LeftOut leftOut = new LeftOut();
        links.forEach(link -> leftOut.linked.merge(link.image(), 1, Integer::sum));
        for (RejectedItem item : items) {
            if (!item.getShard().equals(shard)) {
                continue;
            }
            if (item.getImage().isEmpty()) {
                leftOut.damaged = true;
            } else {
                leftOut.told.merge(item.getImage(), 1, Integer::sum);
            }
        }
        // A list that would be too long for its dead letter is cut; it then says so in an item of no shard.
        boolean cut = items.stream().anyMatch(item -> item.getShard().isEmpty());
        int listed = leftOut.told.values().stream().mapToInt(Integer::intValue).sum();
        leftOut.untold = cut ? Math.max(0, rejected - listed) : 0;
        return leftOut;
    }

    /** Whether it is told that the shard itself could not be read to its end. */
    boolean isShardDamaged() {
        return damaged;
    }

    /** Whether this image was left out by right; each telling counts once. */
    boolean takes(ShardIndex.Image image) {
        if (takeOne(told, image.key())
                || image.digest().filter(digest -> takeOne(linked, digest)).isPresent()) {
            return true;
        }
        if (untold > 0) {
            untold--;
            return true;
        }
        return false;
    }

    private static boolean takeOne(Map<String, Integer> counts, String name) {
        if (counts.getOrDefault(name, 0) == 0) {
            return false;
        }
        counts.merge(name, -1, Integer::sum);
        return true;
    }
}
