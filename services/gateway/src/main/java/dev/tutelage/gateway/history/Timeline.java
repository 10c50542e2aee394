package dev.tutelage.gateway.history;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Things of one kind in the order of time, each with a key of its own. The order follows from times and keys alone, so it is
 * the same after a restart, in whatever order topics were read; and a walk begins anywhere without copying what lies before.
 */
public final class Timeline<V> {
    private final NavigableMap<Position, V> inOrder = new TreeMap<>();
    private final Map<String, Position> positions = new HashMap<>();

    /**
     * A place in the order.
     *
     * @param key tells things of the same time apart
     */
    public record Position(Instant time, String key) implements Comparable<Position> {
        @Override
        public int compareTo(Position other) {
            int byTime = time.compareTo(other.time);
            return byTime == 0 ? key.compareTo(other.key) : byTime;
        }
    }

    /**
     * Adds a thing unless its key is there.
     *
     * @return whether it was added
     */
    boolean add(String key, Instant time, V value) {
        Position position = new Position(time, key);
        if (positions.putIfAbsent(key, position) != null) {
            return false;
        }
        inOrder.put(position, value);
        return true;
    }

    /** Gives a thing that is there an earlier time, if it is one. */
    void since(String key, Instant time) {
        Position known = positions.get(key);
        if (known != null && time.isBefore(known.time())) {
            Position earlier = new Position(time, key);
            positions.put(key, earlier);
            inOrder.put(earlier, inOrder.remove(known));
        }
    }

    /** Forgets the oldest things, if there are more than that. */
    void keepNewest(int most) {
        while (inOrder.size() > most) {
            positions.remove(inOrder.pollFirstEntry().getKey().key());
        }
    }

    public Optional<V> get(String key) {
        return Optional.ofNullable(positions.get(key)).map(inOrder::get);
    }

    /** All things, the oldest first: a view that must not be kept. */
    public Iterable<V> oldestFirst() {
        return inOrder.values();
    }

    /** Keys, in no order: a view that must not be kept. */
    public Iterable<String> keys() {
        return positions.keySet();
    }

    /** What lies before a position, or everything, the newest first: a view that must not be kept. */
    public NavigableMap<Position, V> newestFirst(Optional<Position> before) {
        return before.map(position -> inOrder.headMap(position, false))
                .orElse(inOrder)
                .descendingMap();
    }

    /** All things, the oldest first. */
    public Stream<V> stream() {
        return inOrder.values().stream();
    }

    /** A copy, the newest first. */
    public List<V> newest() {
        return List.copyOf(inOrder.descendingMap().values());
    }

    public int size() {
        return inOrder.size();
    }
}
