package dev.tutelage.gateway.api;

import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.platform.ledger.TaskLedger;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

/** The tasks. */
@Path("/api/tasks")
public class Tasks {
    private final Facts facts;

    public Tasks(Facts facts) {
        this.facts = facts;
    }

    /** Names of the declared tasks, in the order of their declaration. */
    @GET
    public List<String> list() {
        return facts.read(
                ledger -> ledger.tasks().stream().map(TaskLedger::name).toList());
    }
}
