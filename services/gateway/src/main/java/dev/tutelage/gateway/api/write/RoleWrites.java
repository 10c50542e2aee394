package dev.tutelage.gateway.api.write;

import dev.tutelage.control.role.HeldRole;
import dev.tutelage.control.role.RoleChange;
import dev.tutelage.control.role.RolesByHand;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.gateway.api.Known;
import dev.tutelage.gateway.api.Problems;
import dev.tutelage.gateway.api.view.JudgementView;
import dev.tutelage.gateway.api.view.PromotionView;
import dev.tutelage.platform.log.NotPublishedException;
import dev.tutelage.platform.trigger.Turn;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Gives roles by hand, in a turn among the triggers that give them too. */
@Path("/api/tasks")
@Tag(name = "Decisions")
@Produces(MediaType.APPLICATION_JSON)
public class RoleWrites {
    private final Writing writing;
    private final Known known;

    public RoleWrites(Writing writing, Known known) {
        this.writing = writing;
        this.known = known;
    }

    private static HeldRole role(Optional<String> said) {
        return said.flatMap(text -> Arrays.stream(HeldRole.values())
                        .filter(role -> role.text().equals(text))
                        .findFirst())
                .orElseThrow(() -> Problems.badRequest(
                        "Bad body",
                        "Field 'role' must be teacher or student"
                                + said.map(text -> ", not '" + text + "'").orElse("; it is missing")));
    }

    /** Who is to have which role. */
    @Schema(name = "RoleRequest", requiredProperties = "role")
    public record RoleRequest(
            @Schema(enumeration = {"teacher", "student"}) Optional<String> role,

            @Schema(
                    description = "Digest of the checkpoint, or as much of its beginning as no other one has."
                            + " Without it: the one that waits for approval, or that held the role before")
            Optional<String> checkpoint,

            @Schema(description = "Why; it is kept with the promotion")
            Optional<String> reason) {}

    /** Who is not to have which role. */
    @Schema(
            name = "RejectionRequest",
            requiredProperties = {"role", "checkpoint"})
    public record RejectionRequest(
            @Schema(enumeration = {"teacher", "student"}) Optional<String> role,

            @Schema(description = "Digest of the checkpoint, or as much of its beginning as no other one has")
            Optional<String> checkpoint,

            @Schema(description = "Why; it is kept with the rejection")
            Optional<String> reason) {}

    /** Gives a role to a checkpoint. */
    @POST
    @Path("/{task}/promotions")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "promote", summary = "Gives a role to a checkpoint, whatever the gate said of it")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = RoleRequest.class)))
    @APIResponseSchema(value = PromotionView.class, responseCode = "201", responseDescription = "It has the role")
    @APIResponse(
            responseCode = "409",
            description = "There is no such checkpoint, it cannot have the role, or it has it")
    public RestResponse<PromotionView> promote(@PathParam("task") String task, byte[] body, @BeanParam Asked asked) {
        return say(task, body, asked, (change, wanted) -> change.promote(wanted.checkpoint(), wanted.reason()));
    }

    /** Gives a role back. */
    @POST
    @Path("/{task}/rollbacks")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "rollback", summary = "Gives a role back to a checkpoint that held it")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = RoleRequest.class)))
    @APIResponseSchema(value = PromotionView.class, responseCode = "201", responseDescription = "It has the role again")
    @APIResponse(responseCode = "409", description = "No checkpoint held the role before, or that one did not")
    public RestResponse<PromotionView> rollback(@PathParam("task") String task, byte[] body, @BeanParam Asked asked) {
        return say(task, body, asked, (change, wanted) -> change.rollback(wanted.checkpoint(), wanted.reason()));
    }

    /** Says no. */
    @POST
    @Path("/{task}/rejections")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "reject", summary = "Rejects a checkpoint that waits for approval")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = RejectionRequest.class)))
    @APIResponseSchema(value = JudgementView.class, responseCode = "201", responseDescription = "It waits no longer")
    @APIResponse(
            responseCode = "200",
            description = "A person had rejected it before; nothing is said again",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = JudgementView.class)))
    @APIResponse(responseCode = "409", description = "It does not wait for approval, or there is no such checkpoint")
    public RestResponse<JudgementView> reject(@PathParam("task") String name, byte[] body, @BeanParam Asked asked) {
        String task = known.task(name, all -> all.ledger().name());
        RejectionRequest wanted = Bodies.read(body, RejectionRequest.class);
        HeldRole role = role(wanted.role());
        String checkpoint = wanted.checkpoint()
                .orElseThrow(() -> Problems.badRequest("Bad body", "Field 'checkpoint' is missing: which is rejected"));
        return writing.once(asked, body, (kafka, log) -> {
            RolesByHand.Done<CandidateJudged> said =
                    inTurn(kafka, task, role, turn -> turn.reject(checkpoint, wanted.reason()));
            CandidateJudged judged = said.fact();
            writing.await((ledger, history) -> ledger.task(task)
                    .flatMap(all -> all.judgement(role.role(), judged.getCheckpoint()))
                    .filter(judged::equals)
                    .isPresent());
            JudgementView view = JudgementView.of(judged, said.done());
            return said.news()
                    ? Answer.created(view, "/api/tasks/" + task + "/judgements?role=" + role.text())
                    : Answer.ok(view);
        });
    }

    private RestResponse<PromotionView> say(
            String name, byte[] body, Asked asked, BiFunction<RoleChange, RoleRequest, Promoted> change) {
        String task = known.task(name, all -> all.ledger().name());
        RoleRequest wanted = Bodies.read(body, RoleRequest.class);
        HeldRole role = role(wanted.role());
        return writing.once(asked, body, (kafka, log) -> {
            RolesByHand.Done<Promoted> said =
                    inTurn(kafka, task, role, turn -> turn.give(each -> change.apply(each, wanted)));
            Promoted promoted = said.fact();
            writing.await((ledger, history) -> ledger.task(task)
                    .filter(all -> all.promotions(role.role()).contains(promoted))
                    .isPresent());
            return Answer.created(
                    PromotionView.of(promoted, said.done()), "/api/tasks/" + task + "/promotions?role=" + role.text());
        });
    }

    /** What is decided in a turn. */
    private interface Deciding<T> {
        T in(RolesByHand turn) throws NotPublishedException;
    }

    /** One at a time: who takes the turn ends that of whoever has it. */
    private synchronized <T> T inTurn(Map<String, Object> kafka, String task, HeldRole role, Deciding<T> deciding)
            throws NotPublishedException {
        try (Turn turn = role.turn(Writing.SOURCE, kafka)) {
            return deciding.in(
                    new RolesByHand(turn, role, ledger -> ledger.task(task).orElseThrow(), writing.by()));
        } catch (IllegalArgumentException e) {
            throw Problems.conflict("Refused", e.getMessage());
        }
    }
}
