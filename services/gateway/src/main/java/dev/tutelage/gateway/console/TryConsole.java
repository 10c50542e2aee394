package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.Role;
import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.platform.ledger.TaskLedger;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The page on which people ask the student what an image shows. */
@Path("/tasks/{task}/try")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class TryConsole {
    private final Facts facts;
    private final Frames frames;

    public TryConsole(Facts facts, Frames frames) {
        this.facts = facts;
        this.frames = frames;
    }

    /** Where an image is given and the answer appears; scripts ask the API. */
    @GET
    @Operation(hidden = true)
    public TemplateInstance tryOut(@PathParam("task") String name) {
        return Pages.tryout(facts.read(ledger -> {
            TaskLedger task = frames.task(ledger, name);
            return new TryOut(
                    frames.of(ledger, "Try " + name, name, "try"),
                    Frame.path(name),
                    task.holder(Role.ROLE_STUDENT)
                            .map(holder -> RunPages.checkpoint(task, "student", holder.getCheckpoint()))
                            .orElse(RunView.Line.of("student", "")));
        }));
    }
}
