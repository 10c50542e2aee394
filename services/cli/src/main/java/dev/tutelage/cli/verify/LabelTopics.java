package dev.tutelage.cli.verify;

import dev.tutelage.event.Topic;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.Place;
import dev.tutelage.platform.log.PlacedFact;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/** Reads what the topics say about soft labels, and which requests the labelers are done with. */
final class LabelTopics implements AutoCloseable {
    /** Where labeling is requested. */
    static final Set<Topic> REQUESTS = EnumSet.of(Topic.LABEL_REQUESTS, Topic.RELABEL_REQUESTS);

    private static final Set<Topic> TOPICS = EnumSet.of(
            Topic.TASKS,
            Topic.SHARDS,
            Topic.LABEL_REQUESTS,
            Topic.RELABEL_REQUESTS,
            Topic.RUNS,
            Topic.CHECKPOINTS,
            Topic.SOFT_LABELS,
            Topic.PROMOTIONS,
            Topic.DEAD_LETTERS,
            Topic.EXPIRATIONS);
    /** The consumer groups of the labelers: the service's name, and that of its backlog. */
    private static final List<String> LABELERS = List.of("labeler", "labeler-backlog");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final FactReader reader;
    private final WorkerOffsets offsets;
    private final Map<String, TaskFacts> tasks = new LinkedHashMap<>();

    LabelTopics(Map<String, Object> kafka) {
        this.reader = new FactReader(kafka, TOPICS);
        this.offsets = new WorkerOffsets(kafka, LABELERS);
    }

    /**
     * Reads on to what is said now. The offsets come first: of a request that they say is done, the facts that ended it
     * are on the topics already, though readers may not see yet that they are committed, so that is awaited.
     */
    void readOn() throws InterruptedException {
        offsets.refresh();
        readPastAll(reader, placed -> TaskFacts.taskOf(placed.fact().payload())
                .ifPresent(task -> tasks.computeIfAbsent(task, none -> new TaskFacts())
                        .add(placed.fact().payload(), placed.fact().time(), placed.place())));
    }

    /**
     * Reads on past everything that is on the topics, committed or not.
     *
     * @throws KafkaException if a transaction stays open for much longer than any of ours may
     */
    static void readPastAll(FactReader reader, Consumer<PlacedFact> taker) {
        if (!reader.readPastAll(PATIENCE, taker)) {
            throw new KafkaException(
                    "After " + PATIENCE.toSeconds() + " s a transaction is still open on the topics, so it"
                            + " cannot be told what is committed; see kafka-transactions.sh find-hanging, or try again");
        }
    }

    /** What is known of each task. */
    Map<String, TaskFacts> tasks() {
        return tasks;
    }

    /** Whether the labelers are done with the request that lies there. */
    boolean isConsumed(Place request) {
        return offsets.isConsumed(request);
    }

    @Override
    public void close() {
        reader.close();
        offsets.close();
    }
}
