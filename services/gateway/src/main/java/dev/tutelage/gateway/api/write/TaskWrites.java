package dev.tutelage.gateway.api.write;

import dev.tutelage.control.run.RefusedException;
import dev.tutelage.control.task.InvalidTaskException;
import dev.tutelage.control.task.TaskFormat;
import dev.tutelage.control.task.TaskPause;
import dev.tutelage.control.task.TaskRegistry;
import dev.tutelage.control.task.TaskRegistry.TaskExistsException;
import dev.tutelage.control.task.TaskYaml;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.api.Known;
import dev.tutelage.gateway.api.Problems;
import dev.tutelage.gateway.api.view.DeclarationView;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.NotPublishedException;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Declares tasks, and lets them pause. */
@Path("/api/tasks")
@Tag(name = "Tasks")
@Produces(MediaType.APPLICATION_JSON)
public class TaskWrites {
    private static final String YAML = "application/yaml";
    private static final String DECLARED = "The task as it is declared now";

    private final Writing writing;
    private final Known known;

    public TaskWrites(Writing writing, Known known) {
        this.writing = writing;
        this.known = known;
    }

    /** A task that is declared. */
    @Schema(name = "DeclaredTask")
    public record Declared(String task, DeclarationView declaration) {
        private static Declared of(TaskDeclared task) {
            return new Declared(task.getTask(), DeclarationView.of(task));
        }
    }

    /** Why, for people. */
    @Schema(name = "Reason")
    public record Reason(
            @Schema(description = "Why, for people") Optional<String> reason) {}

    /** Whether a task pauses. */
    @Schema(name = "Pause")
    public record Pause(
            String task,
            boolean paused,

            @Schema(description = "Whether it was otherwise before")
            boolean changed) {}

    /** Declares a task. */
    @POST
    @Consumes({YAML, MediaType.APPLICATION_JSON})
    @Operation(
            operationId = "declareTask",
            summary = "Declares a task",
            description = "The body is a task file, as YAML or as JSON of the same shape. Declaring the same task again"
                    + " changes nothing")
    @APIResponseSchema(value = Declared.class, responseCode = "201", responseDescription = DECLARED)
    @APIResponse(
            responseCode = "200",
            description = "It was declared so before",
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Declared.class)))
    @APIResponse(responseCode = "409", description = "Another task has that name")
    public RestResponse<Declared> declare(
            @RequestBody(
                            required = true,
                            content = {
                                @Content(mediaType = YAML, schema = @Schema(type = SchemaType.STRING)),
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON,
                                        schema = @Schema(type = SchemaType.OBJECT))
                            })
                    byte[] body,
            @Parameter(hidden = true) @HeaderParam("Content-Type") Optional<String> type,
            @BeanParam Asked asked) {
        TaskDeclared task = task(body, type);
        return writing.once(asked, body, (kafka, log) -> {
            try {
                boolean news = new TaskRegistry(kafka, log).declare(task);
                awaitDeclared(task);
                String location = "/api/tasks/" + task.getTask();
                return news ? Answer.created(Declared.of(task), location) : Answer.ok(Declared.of(task));
            } catch (TaskExistsException e) {
                throw Problems.conflict(
                        "Task exists",
                        "Task '" + task.getTask() + "' is declared already, otherwise. PUT /api/tasks/" + task.getTask()
                                + " changes it; or give this one another name");
            }
        });
    }

    /** Declares a task anew. */
    @PUT
    @Path("/{task}")
    @Consumes({YAML, MediaType.APPLICATION_JSON})
    @Operation(
            operationId = "redeclareTask",
            summary = "Declares a task anew: other recipes, policies, or another selection",
            description =
                    "The body is a task file, as YAML or as JSON of the same shape. What is under way goes on as it was"
                            + " asked for")
    @APIResponseSchema(value = Declared.class, responseCode = "200", responseDescription = DECLARED)
    @APIResponse(responseCode = "409", description = "Its classes or its image shape would change")
    public RestResponse<Declared> redeclare(
            @PathParam("task") String name,
            @RequestBody(
                            required = true,
                            content = {
                                @Content(mediaType = YAML, schema = @Schema(type = SchemaType.STRING)),
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON,
                                        schema = @Schema(type = SchemaType.OBJECT))
                            })
                    byte[] body,
            @Parameter(hidden = true) @HeaderParam("Content-Type") Optional<String> type,
            @BeanParam Asked asked) {
        String declared = known.task(name, all -> all.ledger().name());
        TaskDeclared task = task(body, type);
        if (!task.getTask().equals(declared)) {
            throw Problems.badRequest(
                    "Another task",
                    "Field 'task' is '" + task.getTask() + "' and the address says '" + declared
                            + "'; a task keeps its name");
        }
        return writing.once(asked, body, (kafka, log) -> {
            if (new TaskRegistry(kafka, log).redeclare(task)) {
                awaitDeclared(task);
            }
            return Answer.ok(Declared.of(task));
        });
    }

    private static TaskDeclared task(byte[] body, Optional<String> type) {
        boolean json = type.map(MediaType::valueOf)
                .filter(MediaType.APPLICATION_JSON_TYPE::isCompatible)
                .isPresent();
        try {
            return TaskYaml.read("body", Bodies.text(body), json ? TaskFormat.JSON : TaskFormat.YAML);
        } catch (InvalidTaskException e) {
            throw Problems.badRequest("Invalid task", e.getMessage());
        }
    }

    private void awaitDeclared(TaskDeclared task) {
        writing.await((ledger, history) -> ledger.task(task.getTask())
                .filter(known -> known.declaration().equals(task))
                .isPresent());
    }

    /** Lets a task pause. */
    @POST
    @Path("/{task}/pause")
    @Operation(
            operationId = "pauseTask",
            summary = "Lets a task pause: its triggers ask for nothing, and what is under way goes on")
    @RequestBody(
            required = false,
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Reason.class)))
    public RestResponse<Pause> pause(@PathParam("task") String task, byte[] body, @BeanParam Asked asked) {
        return pause(task, true, body, asked);
    }

    /** Lets a task go on. */
    @POST
    @Path("/{task}/resume")
    @Operation(operationId = "resumeTask", summary = "Lets a task that pauses go on")
    @RequestBody(
            required = false,
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Reason.class)))
    public RestResponse<Pause> resume(@PathParam("task") String task, byte[] body, @BeanParam Asked asked) {
        return pause(task, false, body, asked);
    }

    private RestResponse<Pause> pause(String name, boolean paused, byte[] body, Asked asked) {
        String task = known.task(name, all -> all.ledger().name());
        String reason = Bodies.read(body, Reason.class).reason().orElse("");
        return writing.once(
                asked, body, (kafka, log) -> pause(new TaskPause(kafka, log, writing.by()), task, paused, reason));
    }

    private Answer<Pause> pause(TaskPause pause, String task, boolean paused, String reason)
            throws RefusedException, NotPublishedException {
        boolean changed = pause.say(task, paused, reason);
        writing.await((ledger, history) -> ledger.task(task)
                .map(TaskLedger::isPaused)
                .filter(is -> is == paused)
                .isPresent());
        return Answer.ok(new Pause(task, paused, changed));
    }
}
