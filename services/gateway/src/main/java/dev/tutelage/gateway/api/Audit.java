package dev.tutelage.gateway.api;

import dev.tutelage.gateway.api.page.Page;
import dev.tutelage.gateway.api.page.Paging;
import dev.tutelage.gateway.api.view.AuditView;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Who was about to change what. */
@Path("/api/audit")
@Tag(name = "Audit", description = "Who was about to change what")
public class Audit {
    private final Known known;

    public Audit(Known known) {
        this.known = known;
    }

    /** Writes, perhaps only those by somebody or to a task. */
    @GET
    @Operation(operationId = "listAudit", summary = "Who was about to change what, the newest first")
    public Page<AuditView> list(
            @QueryParam("by") Optional<String> by,
            @QueryParam("task") Optional<String> task,
            @BeanParam Paging paging) {
        return known.read((ledger, history) -> paging.page(
                history.audits(),
                said -> by.filter(name -> !name.equals(said.fact().getBy())).isEmpty()
                        && task.filter(name -> !name.equals(said.fact().getTask()))
                                .isEmpty(),
                AuditView::of,
                "by",
                "task"));
    }
}
