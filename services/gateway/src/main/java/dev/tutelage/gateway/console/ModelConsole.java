package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.gateway.stored.StoredFiles;
import dev.tutelage.gateway.stored.UnseenException;
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
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The pages about models. */
@Path("/tasks/{task}/models")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class ModelConsole {
    private static final String CARD = "model-card.md";

    private final Facts facts;
    private final Frames frames;
    private final ModelPages pages;
    private final StoredFiles files;

    public ModelConsole(Facts facts, Frames frames, ModelPages pages, StoredFiles files) {
        this.facts = facts;
        this.frames = frames;
        this.pages = pages;
        this.files = files;
    }

    /** The models of a task, the newest first. */
    @GET
    @Operation(hidden = true)
    public TemplateInstance models(@PathParam("task") String name, @QueryParam("page") @DefaultValue("1") int page) {
        return Pages.models(facts.read(ledger ->
                pages.list(frames.task(ledger, name), frames.of(ledger, "Models of " + name, name, "models"), page)));
    }

    /** What the chart of {@link #models} shows. */
    @GET
    @Path("chart")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public ModelPages.Chart chart(@PathParam("task") String name) {
        return facts.read(ledger -> pages.chart(frames.task(ledger, name)));
    }

    private record Known(ModelView view, Optional<Artifact> card) {}

    /** A model. */
    @GET
    @Path("{digest}")
    @Operation(hidden = true)
    public TemplateInstance model(@PathParam("task") String name, @PathParam("digest") String digest) {
        Known known = facts.read(ledger -> {
            TaskLedger task = frames.task(ledger, name);
            CheckpointPublished checkpoint =
                    task.checkpoint(digest).orElseThrow(() -> ModelPages.missing(task, digest));
            return new Known(
                    pages.detail(task, frames.of(ledger, "Model " + Say.digest(digest), name, "models"), checkpoint),
                    checkpoint.getFilesList().stream()
                            .filter(file -> file.getName().equals(CARD))
                            .findFirst());
        });
        // The store may be slow, and facts go on.
        return Pages.model(known.view(), card(known));
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
