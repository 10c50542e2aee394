package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.gateway.history.Said;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A shard.
 *
 * @param time when it was said to have come
 */
@Schema(name = "Shard", description = "A WebDataset tar of images that has arrived")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ShardView(
        ArtifactView shard,
        Instant time,

        @Schema(description = "Images that its writer put into it")
        int images,

        @Schema(description = "Whether each image has a label")
        boolean labeled,

        @Schema(
                description = "Whether it may be learned from, or is for evaluation only",
                enumeration = {"train", "held-out", "unspecified"})
        String split) {

    public static ShardView of(Said<ShardAdded> said) {
        ShardAdded shard = said.fact();
        return new ShardView(
                ArtifactView.of(shard.getShard()),
                said.time(),
                shard.getImages(),
                shard.getLabeled(),
                MessageJson.name(shard.getSplit()));
    }
}
