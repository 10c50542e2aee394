package dev.tutelage.gateway.api;

import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.gateway.api.page.Page;
import dev.tutelage.gateway.api.page.Paging;
import dev.tutelage.gateway.api.page.Query;
import dev.tutelage.gateway.api.view.RunSummary;
import dev.tutelage.gateway.api.view.RunView;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** The runs of a task. */
@Path("/api/tasks")
@Tag(name = "Runs", description = "Work that was asked for")
public class Runs {
    private final Known known;
    private final Tagged tagged;

    public Runs(Known known, Tagged tagged) {
        this.known = known;
        this.tagged = tagged;
    }

    /** Runs, perhaps only those of a stage or in a state. */
    @GET
    @Path("/{task}/runs")
    @Operation(operationId = "listRuns", summary = "Runs of a task, those that were asked for last first")
    public Page<RunSummary> list(
            @PathParam("task") String task,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            enumeration = {
                                                "pretrain",
                                                "fine-tune",
                                                "supervised",
                                                "label",
                                                "distill",
                                                "self-distill"
                                            }))
                    @QueryParam("stage")
                    Optional<String> stage,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            enumeration = {
                                                "requested",
                                                "started",
                                                "resumed",
                                                "succeeded",
                                                "failed",
                                                "cancelled"
                                            }))
                    @QueryParam("state")
                    Optional<String> state,
            @BeanParam Paging paging) {
        Optional<Stage> ofStage = Query.value("stage", stage, Stage.values());
        Optional<RunState> inState = Query.value("state", state, RunState.values());
        return known.task(
                task,
                all -> paging.page(
                        all.history().runs(),
                        run -> ofStage.filter(each -> each != run.stage()).isEmpty()
                                && inState.filter(each -> each != run.state()).isEmpty(),
                        RunSummary::of,
                        "stage",
                        "state"));
    }

    /** A run. */
    @GET
    @Path("/{task}/runs/{run}")
    @Operation(
            operationId = "getRun",
            summary = "A run: what was asked for, why, on which evidence, and what has become of it")
    public RestResponse<RunView> get(
            @PathParam("task") String task, @PathParam("run") String run, @Context Request request) {
        RunView view = known.task(
                task,
                all -> RunView.of(
                        task,
                        all.history()
                                .runs()
                                .get(run)
                                .orElseThrow(() -> Problems.none(
                                        "run", run, all.history().runs().keys(), "GET /api/tasks/" + task + "/runs")),
                        all.history()));
        return tagged.answer(request, view);
    }
}
