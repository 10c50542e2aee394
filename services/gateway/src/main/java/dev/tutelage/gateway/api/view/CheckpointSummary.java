package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.gateway.history.Said;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A checkpoint in a list.
 *
 * @param time when it was said to be durable
 * @param roles that it holds now
 */
@Schema(name = "CheckpointSummary", description = "A checkpoint in a list")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record CheckpointSummary(
        @Schema(description = "SHA-256 of its manifest") String digest,
        Instant time,
        @Schema(examples = "fine-tune") String stage,

        @Schema(description = "The run that made it; absent if it was imported")
        Optional<String> runId,

        @Schema(description = "Digest of the checkpoint it was made from")
        Optional<String> parent,

        @Schema(description = "Roles that it holds now: teacher, student")
        List<String> roles,

        @Schema(description = "What was measured, such as top1: held-out accuracy in percent")
        Map<String, Double> metrics) {

    public static CheckpointSummary of(Said<CheckpointPublished> said, List<String> roles) {
        CheckpointPublished checkpoint = said.fact();
        return new CheckpointSummary(
                checkpoint.getDigest(),
                said.time(),
                MessageJson.name(checkpoint.getStage()),
                Text.some(checkpoint.getRunId()),
                Text.some(checkpoint.getParent()),
                List.copyOf(roles),
                new TreeMap<>(checkpoint.getMetricsMap()));
    }
}
