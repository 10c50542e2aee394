package dev.tutelage.gateway.api;

import dev.tutelage.gateway.api.page.Page;
import dev.tutelage.gateway.api.page.Paging;
import dev.tutelage.gateway.api.view.LetterView;
import dev.tutelage.gateway.history.Letters;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** What could not be processed, of all tasks. */
@Path("/api/dead-letters")
@Tag(name = "Dead letters", description = "What could not be processed")
public class DeadLetters {
    private final Known known;
    private final Tagged tagged;

    public DeadLetters(Known known, Tagged tagged) {
        this.known = known;
        this.tagged = tagged;
    }

    /** Dead letters, perhaps only those of a task or those that are open, or are not. */
    @GET
    @Operation(operationId = "listDeadLetters", summary = "Dead letters of all tasks, the newest first")
    public Page<LetterView> list(
            @QueryParam("task") Optional<String> task,
            @Parameter(
                            description = "true: only those that were not replayed; false: only those that were",
                            schema = @Schema(type = SchemaType.BOOLEAN))
                    @QueryParam("open")
                    Optional<String> open,
            @BeanParam Paging paging) {
        Optional<Boolean> wanted = open.map(DeadLetters::flag);
        return known.read((ledger, history) -> {
            Letters letters = history.letters();
            return paging.page(
                    letters.entries(),
                    entry -> task.filter(name -> !name.equals(entry.letter().getTask()))
                                    .isEmpty()
                            && wanted.filter(flag ->
                                            flag != letters.replayed(entry).isEmpty())
                                    .isEmpty(),
                    entry -> LetterView.of(entry, letters.replayed(entry)),
                    "task",
                    "open");
        });
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw Problems.badRequest(
                        "Bad query", "Query parameter 'open' must be true or false, not '" + text + "'");
        };
    }

    /** A dead letter. */
    @GET
    @Path("/{offset}")
    @Operation(operationId = "getDeadLetter", summary = "A dead letter")
    public RestResponse<LetterView> get(
            @Parameter(schema = @Schema(type = SchemaType.INTEGER, minimum = "0")) @PathParam("offset") String offset,
            @Context Request request) {
        long place = offset(offset);
        LetterView view = known.read((ledger, history) -> history.letters()
                .at(place)
                .map(entry -> LetterView.of(entry, history.letters().replayed(entry)))
                .orElseThrow(() -> noLetter(place)));
        return tagged.answer(request, view);
    }

    /** The offset that names a letter. */
    public static long offset(String text) {
        try {
            long offset = Long.parseLong(text);
            if (offset >= 0) {
                return offset;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw Problems.badRequest(
                "Bad offset", "A dead letter is named by its offset, a whole number from 0, not '" + text + "'");
    }

    /** The problem that there is none. */
    public static RuntimeException noLetter(long offset) {
        return Problems.notFound(
                "Unknown dead letter",
                "There is no dead letter at offset " + offset
                        + " of topic tutelage.dead-letters. GET /api/dead-letters lists all");
    }
}
