package dev.tutelage.cli.verify;

import dev.tutelage.event.Topic;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.Place;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

    private final FactReader reader;
    private final WorkerOffsets offsets;
    private final Map<String, TaskFacts> tasks = new LinkedHashMap<>();

    LabelTopics(Map<String, Object> kafka) {
        this.reader = new FactReader(kafka, TOPICS);
        this.offsets = new WorkerOffsets(kafka, LABELERS);
    }

    /**
     * Reads on to what is committed now. The offsets come first: of a request that they say is done, the facts that
     * ended it are committed already, so those are read.
     */
    void readOn() throws InterruptedException {
        offsets.refresh();
        reader.readToEnd(placed -> TaskFacts.taskOf(placed.fact().payload())
                .ifPresent(task -> tasks.computeIfAbsent(task, none -> new TaskFacts())
                        .add(placed.fact().payload(), placed.fact().time(), placed.place())));
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
