package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.gateway.history.RunEntry;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A run in a list.
 *
 * @param asked when it was first heard of
 */
@Schema(name = "RunSummary", description = "A run in a list")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record RunSummary(
        @Schema(examples = "fine-tune-5f3c0d1e9a7b42c8d6e0f1a2b3c4d5e6")
        String runId,

        @Schema(examples = "fine-tune") String stage,

        @Schema(enumeration = {"requested", "started", "resumed", "succeeded", "failed", "cancelled"})
        String state,

        @Schema(description = "When it was asked for") Instant asked,

        @Schema(description = "Since when it is in its state")
        Optional<Instant> stateSince,

        @Schema(description = "How often it was asked for again")
        int retry,

        @Schema(description = "Why it is due") Optional<String> reason) {

    public static RunSummary of(RunEntry run) {
        return new RunSummary(
                run.id(),
                MessageJson.name(run.stage()),
                MessageJson.name(run.state()),
                run.since(),
                run.changed().map(changed -> changed.time()),
                run.retry(),
                run.asked().flatMap(asked -> Text.some(asked.fact().getReason())));
    }
}
