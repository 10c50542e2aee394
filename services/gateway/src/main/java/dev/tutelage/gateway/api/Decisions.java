package dev.tutelage.gateway.api;

import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.gateway.api.page.Page;
import dev.tutelage.gateway.api.page.Paging;
import dev.tutelage.gateway.api.page.Query;
import dev.tutelage.gateway.api.view.DriftView;
import dev.tutelage.gateway.api.view.JudgementView;
import dev.tutelage.gateway.api.view.PromotionView;
import dev.tutelage.gateway.api.view.SoftLabelsView;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What the gate and the teachers have said of a task. */
@Path("/api/tasks")
@Tag(name = "Decisions", description = "What the gate and the teachers have said")
public class Decisions {
    private final Known known;

    public Decisions(Known known) {
        this.known = known;
    }

    /** Promotions, perhaps only those to a role. */
    @GET
    @Path("/{task}/promotions")
    @Operation(operationId = "listPromotions", summary = "Which checkpoints took a role, the newest first")
    public Page<PromotionView> promotions(
            @PathParam("task") String task, @QueryParam("role") Optional<String> role, @BeanParam Paging paging) {
        Optional<Role> wanted = Query.value("role", role, Role.values());
        return known.task(
                task,
                all -> paging.page(
                        all.history().promotions(),
                        said -> wanted.filter(each -> each != said.fact().getRole())
                                .isEmpty(),
                        PromotionView::of,
                        "role"));
    }

    /** Judgements, perhaps only those about a role or with a verdict. */
    @GET
    @Path("/{task}/judgements")
    @Operation(operationId = "listJudgements", summary = "What the gate said of candidates, the newest first")
    public Page<JudgementView> judgements(
            @PathParam("task") String task,
            @QueryParam("role") Optional<String> role,
            @QueryParam("verdict") Optional<String> verdict,
            @BeanParam Paging paging) {
        Optional<Role> ofRole = Query.value("role", role, Role.values());
        Optional<Verdict> withVerdict = Query.value("verdict", verdict, Verdict.values());
        return known.task(
                task,
                all -> paging.page(
                        all.history().judgements(),
                        said -> ofRole.filter(each -> each != said.fact().getRole())
                                        .isEmpty()
                                && withVerdict
                                        .filter(each -> each != said.fact().getVerdict())
                                        .isEmpty(),
                        JudgementView::of,
                        "role",
                        "verdict"));
    }

    /** Drift. */
    @GET
    @Path("/{task}/drift")
    @Operation(operationId = "listDrift", summary = "When images drifted from what a teacher knows, the newest first")
    public Page<DriftView> drift(@PathParam("task") String task, @BeanParam Paging paging) {
        return known.task(task, all -> paging.page(all.history().drifts(), said -> true, DriftView::of));
    }

    /** Soft labels, perhaps only those of a teacher or of a shard. */
    @GET
    @Path("/{task}/soft-labels")
    @Operation(operationId = "listSoftLabels", summary = "Which shards teachers have labeled, the newest first")
    public Page<SoftLabelsView> softLabels(
            @PathParam("task") String task,
            @QueryParam("teacher") Optional<String> teacher,
            @QueryParam("shard") Optional<String> shard,
            @BeanParam Paging paging) {
        return known.task(
                task,
                all -> paging.page(
                        all.history().softLabels(),
                        said -> teacher.filter(each -> !each.equals(said.fact().getTeacher()))
                                        .isEmpty()
                                && shard.filter(each -> !each.equals(said.fact().getShard()))
                                        .isEmpty(),
                        SoftLabelsView::of,
                        "teacher",
                        "shard"));
    }
}
