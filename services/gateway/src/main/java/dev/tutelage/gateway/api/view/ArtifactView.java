package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.Artifact;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Bytes in object storage.
 *
 * @param digest SHA-256, 64 hexadecimal digits
 * @param size in bytes
 * @param name what the bytes are
 */
@Schema(name = "Artifact", description = "Bytes in object storage, named by their SHA-256")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ArtifactView(
        @Schema(examples = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
        String digest,

        long size,
        @Schema(examples = "model.onnx") String name) {

    static ArtifactView of(Artifact artifact) {
        return new ArtifactView(artifact.getDigest(), artifact.getSize(), artifact.getName());
    }
}
