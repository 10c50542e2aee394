package dev.tutelage.gateway.api;

import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.gateway.api.page.Page;
import dev.tutelage.gateway.api.page.Paging;
import dev.tutelage.gateway.api.page.Query;
import dev.tutelage.gateway.api.view.CheckpointSummary;
import dev.tutelage.gateway.api.view.CheckpointView;
import dev.tutelage.gateway.api.view.MessageJson;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.platform.ledger.TaskLedger;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** The checkpoints of a task. */
@Path("/api/tasks")
@Tag(name = "Checkpoints", description = "What was learned")
public class Checkpoints {
    private final Known known;
    private final Tagged tagged;

    public Checkpoints(Known known, Tagged tagged) {
        this.known = known;
        this.tagged = tagged;
    }

    /** Checkpoints, perhaps only those of a stage. */
    @GET
    @Path("/{task}/checkpoints")
    @Operation(operationId = "listCheckpoints", summary = "Checkpoints of a task, the newest first")
    public Page<CheckpointSummary> list(
            @PathParam("task") String task, @QueryParam("stage") Optional<String> stage, @BeanParam Paging paging) {
        Optional<Stage> ofStage = Query.value("stage", stage, Stage.values());
        return known.task(
                task,
                all -> paging.page(
                        all.history().checkpoints(),
                        said -> ofStage.filter(each -> each != said.fact().getStage())
                                .isEmpty(),
                        said -> CheckpointSummary.of(said, roles(said, all.ledger())),
                        "stage"));
    }

    /** A checkpoint. */
    @GET
    @Path("/{task}/checkpoints/{digest}")
    @Operation(operationId = "getCheckpoint", summary = "A checkpoint with its metrics, files and parents")
    public RestResponse<CheckpointView> get(
            @PathParam("task") String task, @PathParam("digest") String digest, @Context Request request) {
        CheckpointView view = known.task(task, all -> {
            Said<CheckpointPublished> said = all.history()
                    .checkpoints()
                    .get(digest)
                    .orElseThrow(() -> Problems.none(
                            "checkpoint",
                            digest,
                            all.history().checkpoints().keys(),
                            "GET /api/tasks/" + task + "/checkpoints"));
            return CheckpointView.of(said, roles(said, all.ledger()), isExpired(said.fact(), all.ledger()));
        });
        return tagged.answer(request, view);
    }

    private static List<String> roles(Said<CheckpointPublished> said, TaskLedger ledger) {
        return Stream.of(Role.ROLE_TEACHER, Role.ROLE_STUDENT)
                .filter(role -> ledger.holder(role)
                        .filter(holder ->
                                holder.getCheckpoint().equals(said.fact().getDigest()))
                        .isPresent())
                .map(MessageJson::name)
                .toList();
    }

    private static boolean isExpired(CheckpointPublished checkpoint, TaskLedger ledger) {
        return checkpoint.getFilesList().stream().anyMatch(file -> ledger.isExpired(file.getDigest()));
    }
}
