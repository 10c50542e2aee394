package dev.tutelage.cli.task;

import dev.tutelage.cli.machine.Endpoints;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.cli.why.NearestNames;
import dev.tutelage.cli.why.UnknownNameException;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.TaskPaused;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.NotPublishedException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;

/** Says that a task pauses or goes on. */
final class TaskPause {
    private final Map<String, Object> kafka;

    private TaskPause(Map<String, Object> kafka) {
        this.kafka = kafka;
    }

    /** Why it could not be said, for people. */
    static final class NotSaidException extends Exception {
        private static final long serialVersionUID = 1L;

        NotSaidException(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * Says it, unless it is so already.
     *
     * @param state directory of a running tutelage
     * @return whether it is news
     */
    static boolean say(Path state, String task, boolean paused, String reason) throws NotSaidException {
        try {
            return new TaskPause(Endpoints.ofRunning(state).kafka()).say(task, paused, reason);
        } catch (MachineException | UnknownNameException | NotPublishedException | KafkaException e) {
            throw new NotSaidException(e);
        }
    }

    private boolean say(String task, boolean paused, String reason) throws UnknownNameException, NotPublishedException {
        if (isPaused(task) == paused) {
            return false;
        }
        try (FactLog log = new FactLog(kafka, "/tutelage/cli", "cli-" + UUID.randomUUID(), Clock.systemUTC())) {
            log.publish(List.of(TaskPaused.newBuilder()
                    .setTask(task)
                    .setPaused(paused)
                    .setReason(reason)
                    .setBy("cli")
                    .build()));
        }
        return true;
    }

    private boolean isPaused(String task) throws UnknownNameException {
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
            throw new UnknownNameException("No task '" + task + "' is declared. " + NearestNames.sentence(task, tasks));
        }
        Optional<TaskPaused> last = pauses.isEmpty() ? Optional.empty() : Optional.of(pauses.get(pauses.size() - 1));
        return last.map(TaskPaused::getPaused).orElse(false);
    }
}
