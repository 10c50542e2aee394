package dev.tutelage.platform.ledger;

import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How much has come of what a task's stages learn from, and what was the last of it. */
public final class Arrivals {
    private final Map<String, Arrival> softLabels = new HashMap<>();
    private Optional<Arrival> newestUnlabeled = Optional.empty();
    private Optional<Arrival> newestLabeled = Optional.empty();
    private long unlabeledImages;
    private long labels;

    Arrivals() {}

    /**
     * Something that has come.
     *
     * @param shard digest
     * @param time when it was said
     */
    public record Arrival(String shard, Instant time) {

        /** The later of two. */
        public Arrival or(Arrival other) {
            return time.isAfter(other.time) ? this : other;
        }
    }

    void addUnlabeled(ShardAdded shard, Instant said) {
        unlabeledImages += shard.getImages();
        newestUnlabeled = Optional.of(later(newestUnlabeled, arrival(shard, said)));
    }

    void addLabeled(ShardAdded shard, Instant said) {
        labels += shard.getImages();
        newestLabeled = Optional.of(later(newestLabeled, arrival(shard, said)));
    }

    void add(SoftLabelsAdded labeled, Instant said) {
        softLabels.merge(
                labeled.getTeacher(), new Arrival(labeled.getShard(), said), (known, other) -> known.or(other));
    }

    private static Arrival arrival(ShardAdded shard, Instant said) {
        return new Arrival(shard.getShard().getDigest(), said);
    }

    private static Arrival later(Optional<Arrival> known, Arrival other) {
        return known.map(arrival -> arrival.or(other)).orElse(other);
    }

    /** Images of all shards without labels that may be learned from. */
    public long unlabeledImages() {
        return unlabeledImages;
    }

    /** Images of all shards with labels that may be learned from. */
    public long labels() {
        return labels;
    }

    public Optional<Arrival> newestUnlabeled() {
        return newestUnlabeled;
    }

    public Optional<Arrival> newestLabeled() {
        return newestLabeled;
    }

    /** The last soft labels by a teacher. */
    public Optional<Arrival> newestSoftLabels(String teacher) {
        return Optional.ofNullable(softLabels.get(teacher));
    }
}
