package dev.tutelage.gateway.predict.nearest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The training images that are most alike to an image.
 *
 * @param checkpoint digest of the checkpoint whose encoder says so
 * @param compared training images that it was compared with
 * @param wanted training images that it is to be compared with when they are read; ask again while it is more than {@code compared}
 * @param images the nearest first
 * @param problem why some images could not be compared, if so
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Nearest(
        String task, String checkpoint, int compared, int wanted, List<Near> images, Optional<String> problem) {
    public Nearest {
        images = List.copyOf(images);
    }

    /**
     * A training image.
     *
     * @param image SHA-256, in hex, of its bytes
     * @param shard digest of the shard that holds it
     * @param address where its bytes are
     * @param similarity cosine of the angle between the features of the two images, -1 to 1
     * @param label the class that it was labeled with, if it was
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    @Schema(name = "NearImage")
    public record Near(String image, String shard, String address, double similarity, Optional<String> label) {}
}
