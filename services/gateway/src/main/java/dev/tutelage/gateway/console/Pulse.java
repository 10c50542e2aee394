package dev.tutelage.gateway.console;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.tutelage.gateway.fold.Fold;
import dev.tutelage.platform.log.PlacedFact;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Counts the facts about each task and each run, so that an open page knows whether there is anything new. */
@ApplicationScoped
public class Pulse implements Fold {
    private final Map<String, Long> tasks = new HashMap<>();
    private long all;

    @Override
    public void add(PlacedFact placed) {
        all++;
        text(placed.fact().payload(), "task").ifPresent(task -> tasks.merge(task, 1L, Long::sum));
    }

    private static Optional<String> text(Message fact, String name) {
        FieldDescriptor field = fact.getDescriptorForType().findFieldByName(name);
        return field == null
                ? Optional.empty()
                : Optional.of(fact.getField(field).toString());
    }

    /** How many facts were said about a task. */
    long ofTask(String task) {
        return tasks.getOrDefault(task, 0L);
    }

    /** How many facts were said. */
    long ofAll() {
        return all;
    }
}
