package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.gateway.history.Said;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A checkpoint with all that is known of it.
 *
 * @param time when it was said to be durable
 * @param expired whether its files are said to be removed
 */
@Schema(name = "Checkpoint", description = "A checkpoint with its metrics, files and parents")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record CheckpointView(
        @Schema(description = "SHA-256 of its manifest") String digest,
        String task,
        Instant time,
        @Schema(examples = "fine-tune") String stage,

        @Schema(description = "The run that made it; absent if it was imported")
        Optional<String> runId,

        @Schema(description = "Digest of the checkpoint it was made from")
        Optional<String> parent,

        @Schema(description = "Digest of the checkpoint whose weights it started with")
        Optional<String> start,

        @Schema(description = "The dataset's fingerprint") Optional<String> dataset,

        @Schema(description = "Roles that it holds now: teacher, student")
        List<String> roles,

        @Schema(description = "What was measured, such as top1: held-out accuracy in percent")
        Map<String, Double> metrics,

        List<ArtifactView> files,
        long parameters,

        @Schema(description = "Seconds of work of the attempt that finished")
        double seconds,

        @Schema(description = "Whether housekeeping has said that its files are removed")
        boolean expired,

        @Schema(type = SchemaType.OBJECT, description = "The stage's recipe")
        JsonNode recipe) {

    public static CheckpointView of(Said<CheckpointPublished> said, List<String> roles, boolean expired) {
        CheckpointPublished checkpoint = said.fact();
        return new CheckpointView(
                checkpoint.getDigest(),
                checkpoint.getTask(),
                said.time(),
                MessageJson.name(checkpoint.getStage()),
                Text.some(checkpoint.getRunId()),
                Text.some(checkpoint.getParent()),
                Text.some(checkpoint.getStart()),
                Text.some(checkpoint.getDataset()),
                List.copyOf(roles),
                new TreeMap<>(checkpoint.getMetricsMap()),
                checkpoint.getFilesList().stream().map(ArtifactView::of).toList(),
                checkpoint.getParameters(),
                checkpoint.getSeconds(),
                expired,
                MessageJson.recipe(checkpoint.getRecipe()));
    }
}
