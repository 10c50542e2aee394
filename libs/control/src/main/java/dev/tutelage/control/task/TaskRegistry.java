package dev.tutelage.control.task;

import dev.tutelage.control.run.RefusedException;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.NotPublishedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Declares tasks: each name once. */
public final class TaskRegistry {
    private final Map<String, Object> kafka;
    private final FactLog log;

    public TaskRegistry(Map<String, Object> kafka, FactLog log) {
        this.kafka = kafka;
        this.log = log;
    }

    /** A task of that name exists and is another one. */
    public static final class TaskExistsException extends Exception {
        private static final long serialVersionUID = 1L;

        TaskExistsException(String task) {
            super("Task '" + task + "' is declared already, with other classes, image shape, recipes or policies."
                    + " Give this one another name, or use another --state directory");
        }
    }

    /**
     * Declares a task; declaring the same task again changes nothing.
     *
     * @return whether it is news
     * @throws TaskExistsException if another task has its name
     */
    public boolean declare(TaskDeclared task) throws TaskExistsException, NotPublishedException {
        Optional<TaskDeclared> existing = find(task.getTask());
        if (existing.isPresent() && !existing.get().equals(task)) {
            throw new TaskExistsException(task.getTask());
        }
        if (existing.isEmpty()) {
            log.publish(List.of(task));
        }
        return existing.isEmpty();
    }

    /**
     * Declares a task that is declared already anew, as it is to be from now on.
     *
     * @return whether it is news
     * @throws RefusedException if there is no such task, or if what was learned so far would be of no use to it
     */
    public boolean redeclare(TaskDeclared task) throws RefusedException, NotPublishedException {
        TaskDeclared known = find(task.getTask())
                .orElseThrow(() -> new RefusedException("No task '" + task.getTask() + "' is declared"));
        if (!known.getClassesList().equals(task.getClassesList())
                || !known.getImage().equals(task.getImage())) {
            throw new RefusedException("The classes and the image shape of task '" + task.getTask()
                    + "' cannot change: labels and checkpoints are made for them. Declare another task");
        }
        if (!known.equals(task)) {
            log.publish(List.of(task));
        }
        return !known.equals(task);
    }

    /** The task of that name, if it is declared. */
    public Optional<TaskDeclared> find(String name) {
        List<TaskDeclared> found = new ArrayList<>();
        try (FactReader reader = new FactReader(kafka, List.of(Topic.TASKS))) {
            reader.readToEnd(placed -> {
                if (placed.fact().payload() instanceof TaskDeclared task
                        && task.getTask().equals(name)) {
                    found.add(task);
                }
            });
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(found.size() - 1));
    }
}
