package dev.tutelage.gateway.queue;

import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.api.Known;
import dev.tutelage.gateway.upload.HandLabels;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Lets people answer in Label Studio: the queue goes there, and its export comes back as answers. */
@Path("/api/tasks/{task}/label-studio")
@Tag(name = "Labeling")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class LabelStudioResource {
    private final Known known;
    private final LabelQueue queue;
    private final AnswerDesk desk;
    private final HandLabels labels;
    private final Skips skips;
    private final QueueSettings settings;

    LabelStudioResource(
            Known known, LabelQueue queue, AnswerDesk desk, HandLabels labels, Skips skips, QueueSettings settings) {
        this.known = known;
        this.queue = queue;
        this.desk = desk;
        this.labels = labels;
        this.skips = skips;
        this.settings = settings;
    }

    /** The queue as Label Studio imports it. */
    @GET
    @Operation(operationId = "exportLabelStudio", summary = "The labeling queue as tasks that Label Studio imports")
    @APIResponse(
            responseCode = "200",
            description = "Tasks with the teacher's predictions",
            content = @Content(schema = @Schema(type = SchemaType.ARRAY, implementation = LabelStudioTask.class)))
    public List<LabelStudioTask> tasks(
            @PathParam("task") String task, @BeanParam QueueQuery query, @Context UriInfo uri) {
        TaskDeclared declared = declared(task);
        Strategy strategy = query.strategy();
        String base = uri.getBaseUri().toString().replaceAll("/$", "");
        return queue
                .best(
                        task,
                        strategy,
                        query.limit(settings.best()),
                        image -> !labels.isLabeled(task, image) && !skips.contains(task, image))
                .images()
                .stream()
                .map(image -> LabelStudioTask.of(
                        declared, image, strategy.score(image).orElseThrow(), base))
                .toList();
    }

    /** How Label Studio asks for a label. */
    @GET
    @Path("/config")
    @Produces(MediaType.APPLICATION_XML)
    @Operation(
            operationId = "getLabelStudioConfig",
            summary = "The labeling configuration for a project of Label Studio: one choice among the task's classes")
    public String config(@PathParam("task") String task) {
        return LabelStudioConfig.of(declared(task));
    }

    private TaskDeclared declared(String task) {
        return known.task(task, all -> all.ledger().declaration());
    }

    /** Takes what Label Studio has exported. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "importLabelStudio",
            summary = "Takes an export of Label Studio (JSON) as answers, and tells what came of each task in it")
    @RequestBody(
            required = true,
            content = @Content(schema = @Schema(type = SchemaType.ARRAY, implementation = Object.class)))
    @APIResponseSchema(value = AnswersView.class, responseCode = "200", responseDescription = "What came of each task")
    @APIResponse(responseCode = "503", description = "Not known whether all are in; send the same export again")
    public AnswersView take(@PathParam("task") String task, byte[] body) {
        TaskDeclared declared = declared(task);
        List<LabelStudioExport.Item> items =
                LabelStudioExport.read(declared, Optional.ofNullable(body).orElseGet(() -> new byte[0]));
        List<Outcome> outcomes = new ArrayList<>();
        // In parts, so that not all images are on the disk at once.
        for (int from = 0; from < items.size(); from += settings.answers()) {
            outcomes.addAll(take(declared, items.subList(from, Math.min(items.size(), from + settings.answers()))));
        }
        return AnswersView.of(declared, outcomes);
    }

    private List<Outcome> take(TaskDeclared task, List<LabelStudioExport.Item> items) {
        List<Answer> answers = items.stream()
                .map(LabelStudioExport.Item::answer)
                .flatMap(Optional::stream)
                .toList();
        List<Outcome> taken = desk.take(task, answers, desk.locate(task, answers));
        List<Outcome> outcomes = new ArrayList<>();
        int next = 0;
        for (LabelStudioExport.Item item : items) {
            outcomes.add(item.refused().isPresent() ? item.refused().get() : taken.get(next++));
        }
        return outcomes;
    }
}
