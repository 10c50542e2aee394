package dev.tutelage.labeler;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that keeps those of its entries that were used last. */
final class RecentlyUsed<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;
    private static final float LOAD = 0.75f;

    private final int most;

    RecentlyUsed(int most) {
        super(most, LOAD, true);
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
