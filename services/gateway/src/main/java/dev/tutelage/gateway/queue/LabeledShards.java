package dev.tutelage.gateway.queue;

import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.gateway.fold.Fold;
import dev.tutelage.platform.log.PlacedFact;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which shards of each task teachers have labeled last. It is read, as the ledger is, while no fact is added. */
@Singleton
class LabeledShards implements Fold {
    private final int most;
    /** By task and shard, those that were labeled last at the end. */
    private final Map<String, LinkedHashMap<String, SoftLabelsAdded>> tasks = new HashMap<>();

    LabeledShards(QueueSettings settings) {
        this.most = settings.shards();
    }

    @Override
    public void add(PlacedFact placed) {
        if (placed.fact().payload() instanceof SoftLabelsAdded labels) {
            LinkedHashMap<String, SoftLabelsAdded> shards =
                    tasks.computeIfAbsent(labels.getTask(), none -> new LinkedHashMap<>());
            shards.remove(labels.getShard());
            shards.put(labels.getShard(), labels);
            if (shards.size() > most) {
                shards.remove(shards.keySet().iterator().next());
            }
        }
    }

    /** Tasks of which a shard is labeled: a view that must not be kept. */
    Set<String> tasks() {
        return Collections.unmodifiableSet(tasks.keySet());
    }

    /** What was said last of each of a task's shards, the newest first. */
    List<SoftLabelsAdded> newest(String task) {
        Collection<SoftLabelsAdded> known =
                tasks.getOrDefault(task, new LinkedHashMap<>()).values();
        List<SoftLabelsAdded> newest = new ArrayList<>(known);
        Collections.reverse(newest);
        return newest;
    }
}
