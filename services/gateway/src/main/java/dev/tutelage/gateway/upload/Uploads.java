package dev.tutelage.gateway.upload;

import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.platform.ledger.TaskLedger;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Images of a task. */
@Path("/api/tasks/{task}/images")
public class Uploads {
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private final Facts facts;
    private final Reception reception;
    private final SecurityIdentity identity;

    public Uploads(Facts facts, Reception reception, SecurityIdentity identity) {
        this.facts = facts;
        this.reception = reception;
        this.identity = identity;
    }

    /**
     * Takes images. It is answered when they are in S3 and said on Kafka.
     *
     * @param label class that all of them show
     * @param split train or held_out
     * @param labeled whether the labels of an archive are wanted
     * @param key makes repetitions of one upload count once
     */
    @POST
    @Blocking
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Adds images to a task; answered when they are stored and said")
    public CompletionStage<Response> add(
            @PathParam("task") String task,
            @QueryParam("label") Optional<String> label,
            @QueryParam("split") @DefaultValue("train") String split,
            @QueryParam("labeled") @DefaultValue("false") String labeled,
            @HeaderParam("Idempotency-Key") Optional<String> key,
            @HeaderParam("Content-Type") @DefaultValue("") String contentType,
            @HeaderParam("Content-Encoding") @DefaultValue("") String encoding,
            InputStream body) {
        BodyStream stream = reception.stream(body);
        try {
            Optional<String> known = key.map(Uploads::requireKey);
            TaskDeclared declared = declared(task);
            Terms terms = terms(label, split, labeled);
            return reception
                    .receive(declared, terms, identity.getPrincipal().getName(), known, contentType, encoding, stream)
                    .handle(Uploads::response);
        } catch (HttpProblem e) {
            reception.drain(stream);
            throw e;
        }
    }

    private static Response response(UploadAnswer answer, Throwable failure) {
        if (failure == null) {
            return Response.ok(answer).build();
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof ReusedKeyException) {
            return UploadProblems.reusedKey(cause.getMessage()).toResponse();
        }
        String what = cause instanceof TimeoutException ? "It takes too long" : cause.getMessage();
        return UploadProblems.unavailable("Whether the images are in is not known: " + what
                        + ". Send them again, with the same Idempotency-Key if they had one")
                .toResponse();
    }

    private static String requireKey(String key) {
        if (!KEY.matcher(key).matches()) {
            throw UploadProblems.badRequest(
                    "Idempotency-Key is no key: it has 1 to 128 visible ASCII characters, none of them a space");
        }
        return key;
    }

    private TaskDeclared declared(String task) {
        if (!facts.isCaughtUp()) {
            throw UploadProblems.unavailable("The gateway does not know all tasks yet: it reads what was said before");
        }
        return facts.read(ledger -> ledger.task(task).map(TaskLedger::declaration))
                .orElseThrow(() -> UploadProblems.unknownTask(task));
    }

    private static Terms terms(Optional<String> label, String split, String labeled) {
        if (!labeled.equals("true") && !labeled.equals("false")) {
            throw UploadProblems.badRequest("labeled is \"" + ImageName.shown(labeled) + "\": it is true or false");
        }
        try {
            Split parsed = Terms.split(split);
            return new Terms(parsed, label, label.isPresent() || labeled.equals("true"));
        } catch (InvalidTermsException e) {
            throw UploadProblems.badRequest(e.getMessage());
        }
    }
}
