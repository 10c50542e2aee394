package dev.tutelage.gateway.api;

import dev.tutelage.gateway.api.page.Page;
import dev.tutelage.gateway.api.page.Paging;
import dev.tutelage.gateway.api.view.Lineage;
import dev.tutelage.gateway.api.view.ShardView;
import dev.tutelage.gateway.api.view.TaskSummary;
import dev.tutelage.gateway.api.view.TaskView;
import dev.tutelage.gateway.history.Letters;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** The tasks, their shards, and what was made from what. */
@Path("/api/tasks")
@Tag(name = "Tasks", description = "What is to be learned")
public class Tasks {
    private final Known known;
    private final Tagged tagged;

    public Tasks(Known known, Tagged tagged) {
        this.known = known;
        this.tagged = tagged;
    }

    /** The declared tasks. */
    @GET
    @Operation(operationId = "listTasks", summary = "Declared tasks, the newest first")
    public Page<TaskSummary> list(@BeanParam Paging paging) {
        return known.read((ledger, history) -> paging.page(
                history.names(),
                name -> ledger.task(name).isPresent(),
                name -> TaskSummary.of(ledger.task(name).orElseThrow())));
    }

    /** A task. */
    @GET
    @Path("/{task}")
    @Operation(
            operationId = "getTask",
            summary = "A task: its declaration, who holds its roles, how much there is, what is open")
    public RestResponse<TaskView> get(@PathParam("task") String task, @Context Request request) {
        return tagged.answer(request, view(task));
    }

    private TaskView view(String name) {
        return known.read((ledger, history) -> {
            Known.Task task = Known.task(name, ledger, history);
            return TaskView.of(task.ledger(), task.history(), openLetters(name, history.letters()));
        });
    }

    private static int openLetters(String task, Letters letters) {
        int open = 0;
        for (Letters.Entry entry : letters.entries().oldestFirst()) {
            if (entry.letter().getTask().equals(task) && letters.replayed(entry).isEmpty()) {
                open++;
            }
        }
        return open;
    }

    /** The shards of a task. */
    @GET
    @Path("/{task}/shards")
    @Operation(operationId = "listShards", summary = "Shards of a task, the newest first")
    public Page<ShardView> shards(@PathParam("task") String task, @BeanParam Paging paging) {
        return known.task(task, all -> paging.page(all.history().shards(), shard -> true, ShardView::of));
    }

    /** What was made from what. */
    @GET
    @Path("/{task}/lineage")
    @Operation(
            operationId = "getLineage",
            summary = "What was made from what: nodes and edges, from the datasets' shards to the students")
    public RestResponse<Lineage> lineage(@PathParam("task") String task, @Context Request request) {
        return tagged.answer(request, known.task(task, all -> Lineage.of(all.history())));
    }
}
