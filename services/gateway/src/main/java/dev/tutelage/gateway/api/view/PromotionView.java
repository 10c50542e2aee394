package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.PromotionKind;
import dev.tutelage.gateway.history.Said;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** That a checkpoint has taken a role. */
@Schema(name = "Promotion", description = "A checkpoint has taken a role")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record PromotionView(
        @Schema(description = "When it was said; absent in the answer to a request for it")
        Optional<Instant> time,

        @Schema(enumeration = {"teacher", "student"}) String role,
        @Schema(description = "Digest of the checkpoint") String checkpoint,

        @Schema(description = "Digest of the one that held the role before")
        Optional<String> previous,

        @Schema(
                description = "How it came to its role",
                enumeration = {"gate", "manual", "rollback", "generation"})
        String kind,

        @Schema(description = "Who decided; absent for the gate")
        Optional<String> by,

        Optional<String> reason,

        @Schema(type = SchemaType.OBJECT, description = "What the gate saw: GateEvidence of the protocol")
        JsonNode evidence,

        @Schema(description = "What was done, for people; in the answer to a request for it alone")
        Optional<String> done) {

    public static PromotionView of(Said<Promoted> said) {
        return of(said.fact(), Optional.of(said.time()), Optional.empty());
    }

    /** The answer to a request for it. */
    public static PromotionView of(Promoted promoted, String done) {
        return of(promoted, Optional.empty(), Optional.of(done));
    }

    private static PromotionView of(Promoted promoted, Optional<Instant> time, Optional<String> done) {
        return new PromotionView(
                time,
                MessageJson.name(promoted.getRole()),
                promoted.getCheckpoint(),
                Text.some(promoted.getPrevious()),
                promoted.getKind() == PromotionKind.PROMOTION_KIND_UNSPECIFIED
                        ? "gate"
                        : MessageJson.name(promoted.getKind()),
                Text.some(promoted.getBy()),
                Text.some(promoted.getEvidence().getReason()),
                MessageJson.of(promoted.getEvidence()),
                done);
    }
}
