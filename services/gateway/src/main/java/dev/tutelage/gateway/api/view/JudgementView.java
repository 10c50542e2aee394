package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.gateway.history.Said;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What the gate said of a candidate, or a person whose word it waited for. */
@Schema(name = "Judgement", description = "The gate, or a person, has judged a checkpoint that competes for a role")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record JudgementView(
        @Schema(description = "When it was said; absent in the answer to a request for it")
        Optional<Instant> time,

        @Schema(enumeration = {"teacher", "student"}) String role,
        @Schema(description = "Digest of the candidate") String checkpoint,

        @Schema(description = "Digest of the checkpoint that it was compared with")
        Optional<String> holder,

        @Schema(enumeration = {"promoted", "rejected", "awaiting-approval"})
        String verdict,

        @Schema(description = "Who rejected it; absent for the gate")
        Optional<String> by,

        Optional<String> reason,

        @Schema(type = SchemaType.OBJECT, description = "What the gate saw: GateEvidence of the protocol")
        JsonNode evidence,

        @Schema(description = "What was done, for people; in the answer to a request for it alone")
        Optional<String> done) {

    public static JudgementView of(Said<CandidateJudged> said) {
        return of(said.fact(), Optional.of(said.time()), Optional.empty());
    }

    /** The answer to a request for it. */
    public static JudgementView of(CandidateJudged judged, String done) {
        return of(judged, Optional.empty(), Optional.of(done));
    }

    private static JudgementView of(CandidateJudged judged, Optional<Instant> time, Optional<String> done) {
        return new JudgementView(
                time,
                MessageJson.name(judged.getRole()),
                judged.getCheckpoint(),
                Text.some(judged.getHolder()),
                MessageJson.name(judged.getVerdict()),
                Text.some(judged.getBy()),
                Text.some(judged.getEvidence().getReason()),
                MessageJson.of(judged.getEvidence()),
                done);
    }
}
