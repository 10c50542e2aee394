package dev.tutelage.gateway.console;

import dev.tutelage.gateway.fold.Facts;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The page that compares runs. */
@Path("/tasks/{task}/runs/compare")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class CompareConsole {
    private final Facts facts;
    private final Frames frames;
    private final ComparePage pages;

    public CompareConsole(Facts facts, Frames frames, ComparePage pages) {
        this.facts = facts;
        this.frames = frames;
        this.pages = pages;
    }

    /** Runs side by side. */
    @GET
    @Operation(hidden = true)
    public TemplateInstance compare(@PathParam("task") String name, @QueryParam("run") List<String> ids) {
        return Pages.compare(facts.read(
                ledger -> pages.of(frames.task(ledger, name), frames.of(ledger, "Compare runs", name, "runs"), ids)));
    }

    /** What the charts of {@link #compare} show. */
    @GET
    @Path("curves")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public Comparison.Curves curves(@PathParam("task") String name, @QueryParam("run") List<String> ids) {
        return facts.read(ledger -> pages.curves(frames.task(ledger, name), ids));
    }
}
