package dev.tutelage.gateway.history;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.tutelage.event.v1.Audited;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.fold.Fold;
import dev.tutelage.platform.log.PlacedFact;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What was said of all tasks, to be looked through. It is read, as the ledger is, while no fact is added. */
@Singleton
public class History implements Fold {
    private static final int AUDITS = 100_000;

    private final Map<String, TaskHistory> tasks = new HashMap<>();
    private final Map<String, String> taskOfRun = new HashMap<>();
    private final Letters letters = new Letters();
    private final Timeline<String> names = new Timeline<>();
    private final Timeline<Said<Audited>> audits = new Timeline<>();
    private final News news = new News();

    @Override
    public void add(PlacedFact placed) {
        letters.add(placed);
        Message fact = placed.fact().payload();
        if (fact instanceof Audited audited) {
            // Its task is what somebody wrote, and perhaps none.
            audits.add(
                    audited.getRequest(),
                    placed.fact().time(),
                    new Said<>(audited, placed.fact().time()));
            audits.keepNewest(AUDITS);
        } else if (!(fact instanceof DeadLettered)) {
            taskOf(fact).ifPresent(task -> add(task, fact, placed));
        }
        news.tell();
    }

    private void add(String task, Message fact, PlacedFact placed) {
        tasks.computeIfAbsent(task, none -> new TaskHistory()).add(fact, placed);
        if (fact instanceof RunRequested request) {
            taskOfRun.put(request.getRunId(), task);
        } else if (fact instanceof RunChanged change) {
            taskOfRun.put(change.getRunId(), task);
        } else if (fact instanceof TaskDeclared) {
            names.add(task, placed.fact().time(), task);
        }
    }

    /** Facts about tasks name theirs in the field {@code task}. */
    private static Optional<String> taskOf(Message fact) {
        FieldDescriptor field = fact.getDescriptorForType().findFieldByName("task");
        return field == null
                ? Optional.empty()
                : Optional.of((String) fact.getField(field)).filter(task -> !task.isEmpty());
    }

    /** Names of the declared tasks. */
    public Timeline<String> names() {
        return names;
    }

    /** The history of a task that is declared. */
    public Optional<TaskHistory> task(String name) {
        return Optional.ofNullable(tasks.get(name))
                .filter(history -> history.declared().isPresent());
    }

    /** The declared task that a run belongs to. */
    public Optional<String> taskOfRun(String run) {
        return Optional.ofNullable(taskOfRun.get(run)).filter(task -> task(task).isPresent());
    }

    /** Ids of the runs of all tasks: a view that must not be kept. */
    public Iterable<String> runs() {
        return taskOfRun.keySet();
    }

    /** Who was about to change what: the newest. */
    public Timeline<Said<Audited>> audits() {
        return audits;
    }

    public Letters letters() {
        return letters;
    }

    /** That there are more facts. */
    public News news() {
        return news;
    }
}
