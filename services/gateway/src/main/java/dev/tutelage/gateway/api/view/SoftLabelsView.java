package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.gateway.history.Said;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** That a teacher has labeled a shard. */
@Schema(name = "SoftLabels", description = "A teacher has labeled a shard")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record SoftLabelsView(
        Instant time,
        @Schema(description = "Digest of the shard") String shard,
        @Schema(description = "Digest of the teacher") String teacher,
        String runId,

        @Schema(description = "Views of each image that have logits")
        int views,

        @Schema(description = "The soft-label file") ArtifactView logits,
        @Schema(description = "Images labeled") int images,

        @Schema(description = "Images without a label here because equal bytes have one")
        int linked,

        @Schema(description = "Labeled images that look like one that was labeled before")
        int nearDuplicates,

        @Schema(description = "Images not labeled because they are held out")
        int leaked,

        @Schema(description = "Images that could not be read")
        int rejected,

        @Schema(type = SchemaType.OBJECT, description = "How sure the teacher is: SoftLabelQuality of the protocol")
        JsonNode quality) {

    public static SoftLabelsView of(Said<SoftLabelsAdded> said) {
        SoftLabelsAdded labels = said.fact();
        return new SoftLabelsView(
                said.time(),
                labels.getShard(),
                labels.getTeacher(),
                labels.getRunId(),
                labels.getViews(),
                ArtifactView.of(labels.getLogits()),
                labels.getImages(),
                labels.getLinked(),
                labels.getNearDuplicates(),
                labels.getLeaked(),
                labels.getRejected(),
                MessageJson.of(labels.getQuality()));
    }
}
