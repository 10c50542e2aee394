package dev.tutelage.gateway.api.write;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.google.protobuf.Message;
import dev.tutelage.control.run.KnownRun;
import dev.tutelage.control.run.KnownRuns;
import dev.tutelage.control.run.RefusedException;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.gateway.api.Known;
import dev.tutelage.gateway.api.Problems;
import dev.tutelage.gateway.history.History;
import dev.tutelage.gateway.history.TaskHistory;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Ends runs, and asks for them again. */
@Path("/api/runs")
@Tag(name = "Runs")
@Produces(MediaType.APPLICATION_JSON)
public class RunWrites {
    private final Writing writing;
    private final Known known;

    public RunWrites(Writing writing, Known known) {
        this.writing = writing;
        this.known = known;
    }

    /** What was asked of a run. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @Schema(name = "AskedOfRun", description = "What was asked of a run; a worker does it")
    public record AskedOfRun(
            String runId,
            String task,
            @Schema(enumeration = {"cancel", "retry"}) String asked,

            @Schema(description = "Which of the run's requests is meant")
            int retry) {}

    /** Ends a run. */
    @POST
    @Path("/{run}/cancel")
    @Operation(operationId = "cancelRun", summary = "Asks for a run to end; the worker that has it ends it")
    @RequestBody(
            required = false,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = TaskWrites.Reason.class)))
    @APIResponseSchema(value = AskedOfRun.class, responseCode = "202", responseDescription = "It is asked for")
    @APIResponse(responseCode = "409", description = "It has ended, or is cancelled already")
    public RestResponse<AskedOfRun> cancel(@PathParam("run") String run, byte[] body, @BeanParam Asked asked) {
        String reason = Bodies.read(body, TaskWrites.Reason.class).reason().orElse("");
        return writing.once(asked, body, (kafka, log) -> cancel(run(kafka, run), reason, log));
    }

    private Answer<AskedOfRun> cancel(KnownRun run, String reason, FactLog log)
            throws RefusedException, NotPublishedException {
        CancellationRequested cancellation = run.cancel(reason, writing.by());
        log.publish(List.of(cancellation));
        await(run, history -> history.cancellations(run.id()).stream()
                .anyMatch(said -> said.fact().equals(cancellation)));
        return accepted(run, "cancel", cancellation.getRetry());
    }

    /** Asks for a run again. */
    @POST
    @Path("/{run}/retry")
    @Operation(
            operationId = "retryRun",
            summary = "Asks again for a run that has failed or was cancelled; it goes on from its newest snapshot")
    @APIResponseSchema(value = AskedOfRun.class, responseCode = "202", responseDescription = "It is asked for")
    @APIResponse(responseCode = "409", description = "It has succeeded, or has not ended")
    public RestResponse<AskedOfRun> retry(@PathParam("run") String run, @BeanParam Asked asked) {
        return writing.once(asked, new byte[0], (kafka, log) -> retry(run(kafka, run), log));
    }

    private Answer<AskedOfRun> retry(KnownRun run, FactLog log) throws RefusedException, NotPublishedException {
        List<Message> facts = run.askAgain();
        int retry = run.request().getRetry() + 1;
        log.publish(facts);
        await(run, history -> history.runs()
                .get(run.id())
                .filter(entry -> entry.retry() >= retry)
                .isPresent());
        return accepted(run, "retry", retry);
    }

    /** What the gateway has folded may be a moment old; this is what Kafka tells now. */
    private KnownRun run(Map<String, Object> kafka, String id) {
        Optional<KnownRun> run = KnownRuns.read(kafka).run(id);
        return run.orElseThrow(() -> known.read(
                (ledger, history) -> Problems.none("run", id, history.runs(), "GET /api/tasks/{task}/runs")));
    }

    private void await(KnownRun run, Predicate<TaskHistory> seen) {
        writing.await((ledger, history) -> isSeen(history, run.request().getTask(), seen));
    }

    private static boolean isSeen(History history, String task, Predicate<TaskHistory> seen) {
        return history.task(task).filter(seen).isPresent();
    }

    private static Answer<AskedOfRun> accepted(KnownRun run, String asked, int retry) {
        String task = run.request().getTask();
        return Answer.accepted(
                new AskedOfRun(run.id(), task, asked, retry), "/api/tasks/" + task + "/runs/" + run.id());
    }
}
