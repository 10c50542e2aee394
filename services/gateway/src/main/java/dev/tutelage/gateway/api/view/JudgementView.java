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

/** What the gate said of a candidate. */
@Schema(name = "Judgement", description = "The gate has judged a checkpoint that competes for a role")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record JudgementView(
        Instant time,
        @Schema(enumeration = {"teacher", "student"}) String role,
        @Schema(description = "Digest of the candidate") String checkpoint,

        @Schema(description = "Digest of the checkpoint that it was compared with")
        Optional<String> holder,

        @Schema(enumeration = {"promoted", "rejected", "awaiting-approval"})
        String verdict,

        Optional<String> reason,

        @Schema(type = SchemaType.OBJECT, description = "What the gate saw: GateEvidence of the protocol")
        JsonNode evidence) {

    public static JudgementView of(Said<CandidateJudged> said) {
        CandidateJudged judged = said.fact();
        return new JudgementView(
                said.time(),
                MessageJson.name(judged.getRole()),
                judged.getCheckpoint(),
                Text.some(judged.getHolder()),
                MessageJson.name(judged.getVerdict()),
                Text.some(judged.getEvidence().getReason()),
                MessageJson.of(judged.getEvidence()));
    }
}
