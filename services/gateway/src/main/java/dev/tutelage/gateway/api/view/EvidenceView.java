package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.Evidence;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A fact that had its part in a decision. */
@Schema(name = "Evidence", description = "A fact that led to a run")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EvidenceView(
        @Schema(description = "What it contributes", examples = "6,000 images came")
        String what,

        @Schema(description = "Topic on which the fact is said; absent where it is no fact, such as the time of day")
        Optional<String> topic,

        @Schema(description = "The fact's key") Optional<String> key,

        @Schema(description = "When the fact was said, where the gateway knows")
        Optional<Instant> time) {

    static EvidenceView of(Evidence evidence, Optional<Instant> time) {
        return new EvidenceView(evidence.getWhat(), Text.some(evidence.getTopic()), Text.some(evidence.getKey()), time);
    }
}
