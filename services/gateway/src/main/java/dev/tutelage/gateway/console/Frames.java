package dev.tutelage.gateway.console;

import dev.tutelage.control.name.NearestNames;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What is around the pages, as the ledger has it. */
@ApplicationScoped
public class Frames {

    /** The frame of a page about a task. */
    Frame of(Ledger ledger, String title, String task, String section) {
        return Frame.of(title, task, section, names(ledger));
    }

    /** The frame of a page about no task in particular. */
    Frame plain(Ledger ledger, String title, String section) {
        return Frame.of(title, "", section, names(ledger));
    }

    /**
     * The task of that name.
     *
     * @throws NoSuchPage if it was never declared
     */
    TaskLedger task(Ledger ledger, String name) {
        return ledger.task(name)
                .orElseThrow(() -> new NoSuchPage("No task named " + name + " was declared. "
                        + NearestNames.sentence(name, names(ledger)) + "."));
    }

    private static List<String> names(Ledger ledger) {
        return ledger.tasks().stream().map(TaskLedger::name).toList();
    }
}
