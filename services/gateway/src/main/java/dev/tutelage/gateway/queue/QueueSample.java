package dev.tutelage.gateway.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Images of a task's shards that are compared with each other: of all, those with the smallest digests. So it is a random sample, the
 * same whatever comes first, and what was left out once need not be looked at again while its shard is there.
 */
final class QueueSample {
    private final int most;
    private final Clusters clusters;
    private final Map<String, List<SampledImage>> shards = new HashMap<>();
    private boolean changed;
    private Map<String, Candidate> ranked = Map.of();

    /** @param most images that are kept */
    QueueSample(int most, Clusters clusters) {
        this.most = most;
        this.clusters = clusters;
    }

    /** Takes the images of a shard for those that it had before. */
    synchronized void put(String shard, List<SampledImage> images) {
        shards.put(shard, images);
        changed = true;
        trim();
    }

    /** Forgets the other shards. */
    synchronized void retain(Collection<String> some) {
        changed |= shards.keySet().retainAll(some);
    }

    private void trim() {
        Map<String, List<SampledImage>> kept = shards.values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing((SampledImage each) -> each.image().image())
                        .thenComparing(each -> each.image().shard()))
                .limit(most)
                .collect(Collectors.groupingBy(each -> each.image().shard()));
        shards.replaceAll((shard, images) -> kept.getOrDefault(shard, List.of()));
    }

    /** Clusters the images anew if they are others than the last time. */
    void cluster() {
        Optional<List<SampledImage>> sample = takeChanged();
        if (sample.isPresent()) {
            Map<String, Candidate> found = clusters.of(sample.get()).stream()
                    .collect(Collectors.toUnmodifiableMap(Candidate::image, Function.identity()));
            synchronized (this) {
                ranked = found;
            }
        }
    }

    /** An image that is in several shards counts once; a task whose classes have changed has points of several spaces, the most count. */
    private synchronized Optional<List<SampledImage>> takeChanged() {
        if (!changed) {
            return Optional.empty();
        }
        changed = false;
        Map<String, SampledImage> different = new LinkedHashMap<>();
        shards.values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(each -> each.image().shard()))
                .forEach(each -> different.putIfAbsent(each.image().image(), each));
        Map<Integer, List<SampledImage>> spaces = new HashMap<>();
        different.values().forEach(each -> spaces.computeIfAbsent(each.getPoint().length, none -> new ArrayList<>())
                .add(each));
        return Optional.of(spaces.values().stream()
                .max(Comparator.comparingInt(List::size))
                .orElse(List.of()));
    }

    /** The images with their centrality, by their digests. */
    synchronized Map<String, Candidate> ranked() {
        return ranked;
    }
}
