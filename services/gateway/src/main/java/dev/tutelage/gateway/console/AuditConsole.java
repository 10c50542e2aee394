package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.Audited;
import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.gateway.history.History;
import dev.tutelage.gateway.history.Said;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The page about who changed what, for admins. */
@Path("/audit")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class AuditConsole {
    private final Facts facts;
    private final Frames frames;
    private final History history;
    private final ConsoleSettings settings;

    public AuditConsole(Facts facts, Frames frames, History history, ConsoleSettings settings) {
        this.facts = facts;
        this.frames = frames;
        this.history = history;
        this.settings = settings;
    }

    /** Writes, the newest first, perhaps only those by somebody or to a task. */
    @GET
    @Operation(hidden = true)
    public TemplateInstance audit(
            @QueryParam("by") @DefaultValue("") String by,
            @QueryParam("task") @DefaultValue("") String task,
            @QueryParam("page") @DefaultValue("1") int page) {
        return Pages.audit(facts.read(ledger -> {
            List<Said<Audited>> asked = history.audits().newestFirst(Optional.empty()).values().stream()
                    .filter(said -> by.isEmpty() || said.fact().getBy().equals(by))
                    .filter(said -> task.isEmpty() || said.fact().getTask().equals(task))
                    .toList();
            String link = "/audit?by=" + Frame.segment(by) + "&task=" + Frame.segment(task) + "&page=";
            Pager.Page<Said<Audited>> cut = Pager.cut(asked, page, settings.pageSize(), link);
            return new Audits(
                    frames.plain(ledger, "Who changed what", "audit"),
                    by,
                    task,
                    cut.rows().stream().map(AuditConsole::row).toList(),
                    cut.pager());
        }));
    }

    private static Audits.Row row(Said<Audited> said) {
        Audited fact = said.fact();
        return new Audits.Row(
                Say.when(said.time()),
                fact.getBy(),
                fact.getRole(),
                fact.getMeans(),
                fact.getMethod() + " " + fact.getPath(),
                fact.getClient(),
                fact.getRequest());
    }
}
