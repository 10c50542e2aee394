package dev.tutelage.cli.verify;

import dev.tutelage.event.Topic;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.Place;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what the topics say about runs, checkpoints and promotions, and which requests the workers are done with. */
final class RunTopics implements AutoCloseable {
    private static final Set<Topic> TOPICS = EnumSet.of(
            Topic.TASKS,
            Topic.SHARDS,
            Topic.PRETRAIN_REQUESTS,
            Topic.FINE_TUNE_REQUESTS,
            Topic.LABEL_REQUESTS,
            Topic.RELABEL_REQUESTS,
            Topic.DISTILL_REQUESTS,
            Topic.RUNS,
            Topic.CHECKPOINTS,
            Topic.SOFT_LABELS,
            Topic.PROMOTIONS,
            Topic.JUDGEMENTS,
            Topic.DEAD_LETTERS);
    /** The consumer groups of the workers: the services' names, and that of the labeler's backlog. */
    private static final List<String> WORKERS =
            List.of("pretrainer", "fine-tuner", "labeler", "labeler-backlog", "student-trainer");

    private final FactReader reader;
    private final WorkerOffsets offsets;
    private final Map<String, TaskRuns> tasks = new LinkedHashMap<>();

    RunTopics(Map<String, Object> kafka) {
        this.reader = new FactReader(kafka, TOPICS);
        this.offsets = new WorkerOffsets(kafka, WORKERS);
    }

    /** Reads on to what is said now, as {@link LabelTopics} does. */
    void readOn() throws InterruptedException {
        offsets.refresh();
        LabelTopics.readPastAll(reader, placed -> TaskRuns.taskOf(placed.fact().payload())
                .ifPresent(task ->
                        tasks.computeIfAbsent(task, none -> new TaskRuns()).add(placed)));
    }

    /** What is known of each task. */
    Map<String, TaskRuns> tasks() {
        return tasks;
    }

    /** Whether the workers are done with the request that lies there. */
    boolean isConsumed(Place request) {
        return offsets.isConsumed(request);
    }

    @Override
    public void close() {
        reader.close();
        offsets.close();
    }
}
