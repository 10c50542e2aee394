package dev.tutelage.gateway.predict.nearest;

import dev.tutelage.gateway.predict.nearest.EmbeddedShard.Compared;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The training images that one student's encoder compares images with. It fills while shards are read. */
final class Neighbourhood {
    private final long retryNanos;
    private final Map<String, EmbeddedShard> shards = new HashMap<>();
    private List<Portion> wanted = List.of();
    private boolean filling;

    /** @param retryNanos after which a shard that could not be read is wanted again */
    Neighbourhood(long retryNanos) {
        this.retryNanos = retryNanos;
    }

    /**
     * Says which images are to be compared, the newest shards first; others are forgotten.
     *
     * @return whether somebody has to begin to fill it
     */
    synchronized boolean want(List<Portion> portions) {
        wanted = List.copyOf(portions);
        Set<String> digests = new HashSet<>();
        wanted.forEach(portion -> digests.add(portion.digest()));
        shards.keySet().retainAll(digests);
        boolean begin = !filling && missing().isPresent();
        filling |= begin;
        return begin;
    }

    /** What is to be read next; nothing if all is there, and then whoever fills it has ended. */
    synchronized Optional<Portion> next() {
        Optional<Portion> next = missing();
        filling = next.isPresent();
        return next;
    }

    /** Whoever fills it cannot go on; the next who wants it begins again. */
    synchronized void giveUp() {
        filling = false;
    }

    private Optional<Portion> missing() {
        return wanted.stream().filter(this::isMissing).findFirst();
    }

    private boolean isMissing(Portion portion) {
        EmbeddedShard known = shards.get(portion.digest());
        return known == null
                || !known.portion().equals(portion)
                || (known.problem().isPresent() && System.nanoTime() - known.nanos() > retryNanos);
    }

    synchronized void add(EmbeddedShard shard) {
        if (wanted.contains(shard.portion())) {
            shards.put(shard.portion().digest(), shard);
        }
    }

    /** The shards that there are, the newest first. */
    private synchronized List<EmbeddedShard> there() {
        return wanted.stream()
                .map(portion -> shards.get(portion.digest()))
                .filter(Objects::nonNull)
                .toList();
    }

    /** How many images are to be compared, unless shards hold fewer than they were said to, or cannot be read. */
    private synchronized int wantedImages() {
        return wanted.stream()
                .mapToInt(portion -> isMissing(portion)
                        ? portion.images()
                        : shards.get(portion.digest()).size())
                .sum();
    }

    /**
     * The nearest images, the nearest first; each once, though several shards hold it.
     *
     * @param features of the image that they are compared with, which become of length 1
     */
    Found nearest(float[] features, int count) {
        EmbeddedShard.normalize(features, 0, features.length);
        int all = wantedImages();
        List<EmbeddedShard> known = there();
        List<Compared> nearest = new ArrayList<>();
        Set<String> images = new HashSet<>();
        known.stream()
                .flatMap(shard -> shard.to(features))
                .sorted(Comparator.comparingDouble(Compared::similarity).reversed())
                .takeWhile(each -> nearest.size() < count)
                .filter(each -> images.add(each.member().image()))
                .forEach(nearest::add);
        int compared = known.stream().mapToInt(EmbeddedShard::size).sum();
        return new Found(
                nearest,
                compared,
                Math.max(all, compared),
                known.stream().flatMap(shard -> shard.problem().stream()).findFirst());
    }

    /** What {@link #nearest} has found. */
    record Found(List<Compared> nearest, int compared, int wanted, Optional<String> problem) {}
}
