package dev.tutelage.gateway.api;

import dev.tutelage.control.run.RefusedException;
import dev.tutelage.control.run.RunIds;
import dev.tutelage.gateway.api.view.RunView;
import dev.tutelage.gateway.history.History;
import dev.tutelage.gateway.history.TaskHistory;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Runs of whatever task. */
@Path("/api/runs")
@Tag(name = "Runs")
public class RunsByName {
    private final Known known;
    private final Tagged tagged;

    public RunsByName(Known known, Tagged tagged) {
        this.known = known;
        this.tagged = tagged;
    }

    /** A run. */
    @GET
    @Path("/{run}")
    @Operation(
            operationId = "findRun",
            summary =
                    "The run of that id, or the one whose id begins so: what was asked for, why, and what became of it")
    public RestResponse<RunView> get(@PathParam("run") String run, @Context Request request) {
        return tagged.answer(request, known.read((ledger, history) -> view(find(run, history), history)));
    }

    private static RunView view(String run, History history) {
        String task = history.taskOfRun(run).orElseThrow();
        TaskHistory all = history.task(task).orElseThrow();
        return RunView.of(task, all.runs().get(run).orElseThrow(), all);
    }

    private static String find(String beginning, History history) {
        NavigableSet<String> ids = StreamSupport.stream(history.runs().spliterator(), false)
                .filter(id -> id.startsWith(beginning) && history.taskOfRun(id).isPresent())
                .collect(Collectors.toCollection(TreeSet::new));
        if (ids.isEmpty()) {
            throw Problems.none("run", beginning, history.runs(), "GET /api/tasks/{task}/runs");
        }
        try {
            return RunIds.find(beginning, ids);
        } catch (RefusedException e) {
            throw Problems.conflict("Several runs", e.getMessage());
        }
    }
}
