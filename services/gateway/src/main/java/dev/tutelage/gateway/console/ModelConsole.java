package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.gateway.api.view.Lineage;
import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.gateway.history.History;
import dev.tutelage.gateway.stored.StoredFiles;
import dev.tutelage.gateway.stored.UnseenException;
import dev.tutelage.learning.evaluate.HeldOutPredictions;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.platform.ledger.TaskLedger;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The pages about models. */
@Path("/tasks/{task}/models")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class ModelConsole {
    private final Facts facts;
    private final Frames frames;
    private final ModelPages pages;
    private final History history;
    private final StoredFiles files;

    public ModelConsole(Facts facts, Frames frames, ModelPages pages, History history, StoredFiles files) {
        this.facts = facts;
        this.frames = frames;
        this.pages = pages;
        this.history = history;
        this.files = files;
    }

    /** The models of a task, the newest first. */
    @GET
    @Operation(hidden = true)
    public TemplateInstance models(@PathParam("task") String name, @QueryParam("page") @DefaultValue("1") int page) {
        return Pages.models(modelsOf(name, page));
    }

    /** The part of {@link #models} that changes. */
    @GET
    @Path("live")
    @Operation(hidden = true)
    public TemplateInstance modelsLive(
            @PathParam("task") String name, @QueryParam("page") @DefaultValue("1") int page) {
        return Pages.models$live(modelsOf(name, page));
    }

    private Models modelsOf(String name, int page) {
        return facts.read(ledger ->
                pages.list(frames.task(ledger, name), frames.of(ledger, "Models of " + name, name, "models"), page));
    }

    /** What the chart of {@link #models} shows. */
    @GET
    @Path("chart")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public ModelChart chart(@PathParam("task") String name) {
        return facts.read(ledger ->
                ModelChart.of(history.task(frames.task(ledger, name).name()).orElseThrow()));
    }

    private record Known(ModelView view, List<String> classes, Optional<Artifact> card, Optional<Artifact> heldOut) {}

    /** A model. */
    @GET
    @Path("{digest}")
    @Operation(hidden = true)
    public TemplateInstance model(@PathParam("task") String name, @PathParam("digest") String digest) {
        Known known = known(name, digest);
        // The store may be slow, and facts go on.
        return Pages.model(known.view(), card(known), evaluation(known));
    }

    /** The part of {@link #model} that changes. */
    @GET
    @Path("{digest}/live")
    @Operation(hidden = true)
    public TemplateInstance modelLive(@PathParam("task") String name, @PathParam("digest") String digest) {
        return Pages.model$live(known(name, digest).view());
    }

    /** What a model was made from, and what was made from it. */
    @GET
    @Path("{digest}/lineage")
    @Operation(hidden = true)
    public TemplateInstance lineage(@PathParam("task") String name, @PathParam("digest") String digest) {
        return Pages.lineage(facts.read(ledger -> {
            TaskLedger task = frames.task(ledger, name);
            String known = task.checkpoint(digest)
                    .orElseThrow(() -> ModelPages.missing(task, digest))
                    .getDigest();
            String base = Frame.path(name);
            return new LineageDrawing(Lineage.of(history.task(name).orElseThrow()), known, base)
                    .tree(frames.of(ledger, "Lineage of " + Say.digest(digest), name, "models"), base);
        }));
    }

    private Known known(String name, String digest) {
        return facts.read(ledger -> {
            TaskLedger task = frames.task(ledger, name);
            CheckpointPublished checkpoint =
                    task.checkpoint(digest).orElseThrow(() -> ModelPages.missing(task, digest));
            return new Known(
                    pages.detail(task, frames.of(ledger, "Model " + Say.digest(digest), name, "models"), checkpoint),
                    task.declaration().getClassesList(),
                    file(checkpoint, Checkpoint.CARD),
                    file(checkpoint, Checkpoint.HELD_OUT));
        });
    }

    private static Optional<Artifact> file(CheckpointPublished checkpoint, String name) {
        return checkpoint.getFilesList().stream()
                .filter(file -> file.getName().equals(name))
                .findFirst();
    }

    private Evaluation evaluation(Known known) {
        if (known.heldOut().isEmpty()) {
            return Evaluation.none("");
        }
        try {
            HeldOutPredictions predictions = files.read(known.heldOut().get(), HeldOutLook::read);
            return Evaluation.of(HeldOutFigures.of(predictions), known.classes());
        } catch (UnseenException e) {
            return Evaluation.none(e.getMessage());
        }
    }

    private ModelCard card(Known known) {
        if (known.card().isEmpty()) {
            return new ModelCard("", "This checkpoint has none.");
        }
        try {
            return new ModelCard(files.read(known.card().get(), Files::readString), "");
        } catch (UnseenException e) {
            return new ModelCard("", e.getMessage());
        }
    }
}
