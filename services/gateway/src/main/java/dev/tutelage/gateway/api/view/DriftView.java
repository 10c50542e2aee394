package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.gateway.history.Said;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** That images are no longer like those that a teacher knows. */
@Schema(name = "Drift", description = "The images that come are no longer like those that the teacher knows")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record DriftView(
        Instant time,
        @Schema(description = "Digest of the teacher") String teacher,

        @Schema(description = "Number of the window among the teacher's, from 0")
        long window,

        String firstShard,
        String lastShard,

        @Schema(description = "Images of the window that have soft labels")
        long images,

        @Schema(
                description = "What it was compared with",
                enumeration = {"checkpoint", "first-window", "unspecified"})
        String reference,

        @Schema(description = "All tests that were made: DriftTest of the protocol")
        List<JsonNode> tests,

        String reason) {

    public static DriftView of(Said<DriftDetected> said) {
        DriftDetected drift = said.fact();
        return new DriftView(
                said.time(),
                drift.getTeacher(),
                drift.getWindow(),
                drift.getFirstShard(),
                drift.getLastShard(),
                drift.getImages(),
                MessageJson.name(drift.getReference()),
                drift.getTestsList().stream().<JsonNode>map(MessageJson::of).toList(),
                drift.getReason());
    }
}
