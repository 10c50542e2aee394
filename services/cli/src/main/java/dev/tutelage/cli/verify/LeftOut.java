package dev.tutelage.cli.verify;

import dev.tutelage.event.v1.RejectedItem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which images of a shard need no soft labels, because it is told that they were left out and why. Whatever else may be
 * left out of soft labels by right is to be told here.
 */
final class LeftOut {
    private final Map<String, Integer> told = new HashMap<>();
    private int untold;
    private boolean damaged;

    /**
     * What the dead letters of a run tell about a shard.
     *
     * @param rejected how many images the run's fact says it rejected
     */
    static LeftOut of(String shard, List<RejectedItem> items, int rejected) {
        LeftOut leftOut = new LeftOut();
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
    boolean takes(String key) {
        if (told.getOrDefault(key, 0) > 0) {
            told.merge(key, -1, Integer::sum);
            return true;
        }
        if (untold > 0) {
            untold--;
            return true;
        }
        return false;
    }
}
