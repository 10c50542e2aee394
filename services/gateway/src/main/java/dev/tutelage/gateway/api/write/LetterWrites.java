package dev.tutelage.gateway.api.write;

import dev.tutelage.control.letter.Letter;
import dev.tutelage.control.letter.LetterBox;
import dev.tutelage.control.letter.Replay;
import dev.tutelage.control.run.KnownRuns;
import dev.tutelage.gateway.api.DeadLetters;
import dev.tutelage.gateway.api.view.LetterRecordView;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Puts what dead letters are about in its place again, and tells what Kafka alone has of them. */
@Path("/api/dead-letters")
@Tag(name = "Dead letters")
@Produces(MediaType.APPLICATION_JSON)
public class LetterWrites {
    private final Writing writing;

    public LetterWrites(Writing writing) {
        this.writing = writing;
    }

    /** What was done about a dead letter. */
    @Schema(name = "Replayed")
    public record Replayed(
            long offset,

            @Schema(description = "What was done, for people")
            String done) {}

    /** Replays a dead letter. */
    @POST
    @Path("/{offset}/replay")
    @Operation(
            operationId = "replayDeadLetter",
            summary = "Asks again for the run of a dead letter, or puts its record on its topic again")
    @APIResponseSchema(value = Replayed.class, responseCode = "202", responseDescription = "It is in its place again")
    @APIResponse(responseCode = "409", description = "It was replayed before, or its run has succeeded")
    public RestResponse<Replayed> replay(
            @Parameter(schema = @Schema(type = SchemaType.INTEGER, minimum = "0")) @PathParam("offset") String offset,
            @BeanParam Asked asked) {
        long place = DeadLetters.offset(offset);
        return writing.once(asked, new byte[0], (kafka, log) -> {
            String done = new Replay(KnownRuns.read(kafka), log, writing.by()).replay(letter(kafka, place));
            writing.await((ledger, history) -> history.letters()
                    .at(place)
                    .flatMap(history.letters()::replayed)
                    .isPresent());
            return Answer.accepted(new Replayed(place, done), "/api/dead-letters/" + place);
        });
    }

    /** What the record of a dead letter holds. */
    @GET
    @Path("/{offset}/record")
    @Operation(
            operationId = "getDeadLetterRecord",
            summary = "What the record of a dead letter holds",
            description = "It is read from Kafka, with all dead letters: the gateway keeps no records")
    public LetterRecordView record(
            @Parameter(schema = @Schema(type = SchemaType.INTEGER, minimum = "0")) @PathParam("offset") String offset) {
        long place = DeadLetters.offset(offset);
        return writing.read(kafka -> LetterRecordView.of(letter(kafka, place)));
    }

    private static Letter letter(Map<String, Object> kafka, long offset) {
        return LetterBox.read(kafka).letters().stream()
                .filter(letter -> letter.offset() == offset)
                .findFirst()
                .orElseThrow(() -> DeadLetters.noLetter(offset));
    }
}
