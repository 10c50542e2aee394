package dev.tutelage.control.task;

import dev.tutelage.control.name.NearestNames;
import dev.tutelage.control.run.RefusedException;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.TaskPaused;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.NotPublishedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Says that a task pauses or goes on. */
public final class TaskPause {
    private final Map<String, Object> kafka;
    private final FactLog log;
    private final String by;

    /**
     * @param kafka connection settings of the Kafka client
     * @param by who wants it
     */
    public TaskPause(Map<String, Object> kafka, FactLog log, String by) {
        this.kafka = kafka;
        this.log = log;
        this.by = by;
    }

    /**
     * Says it, unless it is so already.
     *
     * @return whether it is news
     * @throws RefusedException if there is no such task
     */
    public boolean say(String task, boolean paused, String reason) throws RefusedException, NotPublishedException {
        if (isPaused(task) == paused) {
            return false;
        }
        log.publish(List.of(TaskPaused.newBuilder()
                .setTask(task)
                .setPaused(paused)
                .setReason(reason)
                .setBy(by)
                .build()));
        return true;
    }

    private boolean isPaused(String task) throws RefusedException {
        Set<String> tasks = new TreeSet<>();
        List<TaskPaused> pauses = new ArrayList<>();
        try (FactReader reader = new FactReader(kafka, List.of(Topic.TASKS, Topic.PAUSES))) {
            reader.readToEnd(placed -> {
                if (placed.fact().payload() instanceof TaskDeclared declared) {
                    tasks.add(declared.getTask());
                } else if (placed.fact().payload() instanceof TaskPaused pause
                        && pause.getTask().equals(task)) {
                    pauses.add(pause);
                }
            });
        }
        if (!tasks.contains(task)) {
            throw new RefusedException("No task '" + task + "' is declared. " + NearestNames.sentence(task, tasks));
        }
        Optional<TaskPaused> last = pauses.isEmpty() ? Optional.empty() : Optional.of(pauses.get(pauses.size() - 1));
        return last.map(TaskPaused::getPaused).orElse(false);
    }
}
