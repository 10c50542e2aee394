package dev.tutelage.gateway.queue;

import com.google.protobuf.ByteString;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.gateway.api.Known;
import dev.tutelage.gateway.api.Problems;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.gateway.stored.UnseenException;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** The bytes of images. */
@Path("/api/tasks/{task}/shards/{shard}/images/{image}")
@Tag(name = "Labeling")
@Blocking
public class ImageResource {
    private static final ByteString PNG = ByteString.copyFrom(new byte[] {(byte) 0x89, 'P', 'N', 'G'});
    private static final ByteString JPEG = ByteString.copyFrom(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff});
    private static final ByteString RIFF = ByteString.copyFrom(new byte[] {'R', 'I', 'F', 'F'});

    private final Known known;
    private final Originals originals;

    ImageResource(Known known, Originals originals) {
        this.known = known;
        this.originals = originals;
    }

    /** An image as its shard has it. A shard never changes, so whoever has the image keeps it. */
    @GET
    @Operation(operationId = "getImage", summary = "An image of a shard, byte for byte")
    @APIResponse(
            responseCode = "200",
            description = "The image",
            content = {
                @Content(mediaType = "image/png", schema = @Schema(type = SchemaType.STRING, format = "binary")),
                @Content(mediaType = "image/jpeg", schema = @Schema(type = SchemaType.STRING, format = "binary")),
                @Content(mediaType = "image/webp", schema = @Schema(type = SchemaType.STRING, format = "binary"))
            })
    public RestResponse<byte[]> image(
            @PathParam("task") String task, @PathParam("shard") String shard, @PathParam("image") String image) {
        ShardAdded added = known.task(task, all -> all.history()
                .shards()
                .get(shard)
                .map(Said::fact)
                .orElseThrow(() -> Problems.none(
                        "shard", shard, all.history().shards().keys(), "GET /api/tasks/" + task + "/shards")));
        try {
            ByteString encoded = originals
                    .find(added.getShard(), image)
                    .map(UnpackedShard.Original::encoded)
                    .orElseThrow(() -> Problems.notFound(
                            "Unknown image",
                            "Shard " + shard + " has no image with the digest '" + image
                                    + "', the SHA-256 of its bytes in hexadecimal"));
            return RestResponse.ResponseBuilder.ok(encoded.toByteArray())
                    .type(type(encoded))
                    .header(HttpHeaders.CACHE_CONTROL, "private, max-age=31536000, immutable")
                    .header("X-Content-Type-Options", "nosniff")
                    .build();
        } catch (UnseenException e) {
            throw QueueProblems.unseen("Shard " + shard, e);
        }
    }

    private static String type(ByteString encoded) {
        if (encoded.startsWith(PNG)) {
            return "image/png";
        } else if (encoded.startsWith(JPEG)) {
            return "image/jpeg";
        }
        return encoded.startsWith(RIFF) ? "image/webp" : "application/octet-stream";
    }
}
