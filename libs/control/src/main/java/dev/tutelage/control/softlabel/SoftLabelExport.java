package dev.tutelage.control.softlabel;

import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.ledger.TaskLedger;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * The soft labels of a task that are wanted. It does not change with the ledger that it is made from.
 *
 * @param classes of the task
 * @param shards of its unlabeled images, by digest
 * @param facts that tell where the labels are
 */
public record SoftLabelExport(
        SoftLabelQuery query, List<String> classes, Map<String, ShardAdded> shards, List<SoftLabelsAdded> facts) {
    public SoftLabelExport {
        classes = List.copyOf(classes);
        shards = Map.copyOf(shards);
        facts = List.copyOf(facts);
    }

    /**
     * What is wanted of a task.
     *
     * @throws IllegalArgumentException as {@link SoftLabelQuery#facts} does, or if the task has no such class
     */
    public static SoftLabelExport of(TaskLedger task, SoftLabelQuery query) {
        query.requireClass(task);
        return new SoftLabelExport(
                query,
                task.declaration().getClassesList(),
                task.unlabeled().stream()
                        .collect(Collectors.toMap(
                                shard -> shard.getShard().getDigest(), Function.identity(), (first, again) -> first)),
                query.facts(task));
    }

    /**
     * Reads them from the store, a shard at a time, and writes them.
     *
     * @param progress is told after each shard how many have been written
     * @return how many there are
     */
    public long write(ArtifactStore store, LabelSink sink, LongConsumer progress) throws IOException {
        SoftLabelStore labels = new SoftLabelStore(store);
        long written = 0;
        for (SoftLabelsAdded fact : facts) {
            List<SoftLabel> wanted = labels.read(fact).stream()
                    .filter(label -> query.wants(label, classes))
                    .toList();
            sink.add(shards.get(fact.getShard()), fact.getTeacher(), wanted);
            written += wanted.size();
            progress.accept(written);
        }
        return written;
    }
}
