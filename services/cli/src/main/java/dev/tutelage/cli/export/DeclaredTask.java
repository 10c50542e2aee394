package dev.tutelage.cli.export;

import dev.tutelage.event.Topic;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.FactReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A task that something is to be brought out of.
 *
 * @param state directory of the tutelage that knows it, for messages
 */
record DeclaredTask(String name, Path state) {

    /**
     * What topics tell of it.
     *
     * @throws IllegalArgumentException if it is not declared; the message says which are
     */
    TaskLedger read(Map<String, Object> kafka, Set<Topic> topics) {
        Ledger ledger = new Ledger();
        try (FactReader reader = new FactReader(kafka, topics)) {
            reader.readToEnd(
                    placed -> ledger.add(placed.fact().payload(), placed.fact().time()));
        }
        return ledger.task(name)
                .orElseThrow(() -> new IllegalArgumentException("No task '" + name
                        + "' is declared on state directory " + state + ". There are: "
                        + ledger.tasks().stream().map(TaskLedger::name).collect(Collectors.joining(", "))));
    }
}
