package dev.tutelage.gateway.queue;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.api.Known;
import dev.tutelage.gateway.api.Problems;
import dev.tutelage.gateway.api.write.Bodies;
import dev.tutelage.gateway.upload.HandLabels;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Asks people what images show, and takes their answers. */
@Path("/api/tasks")
@Tag(name = "Labeling", description = "What people are asked")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class QueueResource {
    private final Known known;
    private final LabelQueue queue;
    private final AnswerDesk desk;
    private final Originals originals;
    private final HandLabels labels;
    private final Skips skips;
    private final QueueSettings settings;

    QueueResource(
            Known known,
            LabelQueue queue,
            AnswerDesk desk,
            Originals originals,
            HandLabels labels,
            Skips skips,
            QueueSettings settings) {
        this.known = known;
        this.queue = queue;
        this.desk = desk;
        this.originals = originals;
        this.labels = labels;
        this.skips = skips;
        this.settings = settings;
    }

    /** The images whose label would help most. */
    @GET
    @Path("/{task}/label-queue")
    @Operation(operationId = "getLabelQueue", summary = "Unlabeled images, those first whose label would help most")
    @APIResponseSchema(value = QueueView.class, responseCode = "200", responseDescription = "The queue")
    public QueueView queue(@PathParam("task") String task, @BeanParam QueueQuery query) {
        TaskDeclared declared = declared(task);
        Strategy strategy = query.strategy();
        LabelQueue.Best best = best(task, strategy, query.limit(settings.best()));
        LabelQueue.Standing standing = queue.standing(task);
        return new QueueView(
                task,
                strategy.text(),
                best.images().stream()
                        .map(image -> item(declared, strategy, image))
                        .toList(),
                best.left(),
                standing.shards(),
                standing.unread(),
                standing.unreadable());
    }

    private LabelQueue.Best best(String task, Strategy strategy, int limit) {
        return queue.best(
                task, strategy, limit, image -> !labels.isLabeled(task, image) && !skips.contains(task, image));
    }

    private QueueView.Item item(TaskDeclared task, Strategy strategy, Candidate image) {
        return new QueueView.Item(
                image.image(),
                image.shard(),
                originals.keyAtHand(image.shard(), image.image()),
                new ImageAddress(image.shard(), image.image()).path(task.getTask()),
                image.teacher(),
                QueueView.guesses(task, image),
                strategy.score(image).orElseThrow());
    }

    private TaskDeclared declared(String task) {
        return known.task(task, all -> all.ledger().declaration());
    }

    /** Takes answers. */
    @POST
    @Path("/{task}/label-queue/answers")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "answerLabelQueue",
            summary = "Takes answers; each image gets one label, the first. Answered when labels are stored and said")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = AnswersRequest.class)))
    @APIResponseSchema(value = AnswersView.class, responseCode = "200", responseDescription = "What came of each")
    @APIResponse(responseCode = "404", description = "There is no such task, or no such image waits; nothing was taken")
    @APIResponse(responseCode = "503", description = "Not known whether all are in; Retry-After says when to ask again")
    public AnswersView answer(@PathParam("task") String task, byte[] body) {
        TaskDeclared declared = declared(task);
        List<Answer> answers = Bodies.read(body, AnswersRequest.class).answers(declared, settings.answers());
        Map<String, Optional<Artifact>> shards = desk.locate(declared, answers);
        IntStream.range(0, answers.size())
                .filter(i -> answers.get(i).label().isPresent())
                .filter(i -> shards.getOrDefault(answers.get(i).image(), Optional.of(Artifact.getDefaultInstance()))
                        .isEmpty())
                .findFirst()
                .ifPresent(i -> {
                    throw unknown(
                            task, "answers[" + i + "].image", answers.get(i).image());
                });
        return AnswersView.of(declared, desk.take(declared, answers, shards));
    }

    private RuntimeException unknown(String task, String where, String image) {
        List<String> waiting = best(task, Strategy.ENTROPY, settings.best()).images().stream()
                .map(Candidate::image)
                .toList();
        return Problems.none(
                "image",
                image,
                waiting,
                where + " is none of the task's images that wait for a label; nothing was taken. Give its shard if it"
                        + " has left the queue. GET /api/tasks/" + task + "/label-queue");
    }
}
