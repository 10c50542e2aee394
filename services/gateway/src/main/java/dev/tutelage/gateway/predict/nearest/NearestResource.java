package dev.tutelage.gateway.predict.nearest;

import dev.tutelage.gateway.api.Problems;
import dev.tutelage.gateway.predict.PredictSettings;
import dev.tutelage.gateway.predict.PredictionRefusedException;
import dev.tutelage.gateway.upload.OneImage;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.media.SchemaProperty;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Which training images are most alike to an image. */
@Path("/api/tasks/{task}/nearest")
public class NearestResource {
    private static final int MOST = 50;
    private static final int USUAL = 6;

    private final NearestImages images;
    private final int largest;

    public NearestResource(NearestImages images, PredictSettings settings) {
        this.images = images;
        this.largest = Math.toIntExact(settings.largestImage().asLongValue());
    }

    /**
     * The training images that are most alike to an image, which is the request's body, or the one file of a form. It changes
     * nothing.
     *
     * @param checkpoint how the digest of the checkpoint begins whose encoder is to say so; empty: the student's
     * @param count images, 1 to 50; 6 if it is left out
     */
    @POST
    @Consumes(MediaType.WILDCARD)
    @Operation(operationId = "findNearest", summary = "Finds the training images that are most alike to an image")
    @RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = MediaType.MULTIPART_FORM_DATA,
                        schema =
                                @Schema(
                                        type = SchemaType.OBJECT,
                                        properties =
                                                @SchemaProperty(
                                                        name = "image",
                                                        type = SchemaType.STRING,
                                                        format = "binary"))),
                @Content(mediaType = MediaType.WILDCARD, schema = @Schema(type = SchemaType.STRING, format = "binary"))
            })
    public Nearest nearest(
            @PathParam("task") String task,
            @QueryParam("checkpoint") Optional<String> checkpoint,
            @QueryParam("count") Optional<String> count,
            @HeaderParam("Content-Type") @DefaultValue("") String contentType,
            InputStream body)
            throws IOException {
        return images.to(
                task,
                checkpoint,
                OneImage.read(contentType, body, largest),
                count.map(NearestResource::parse).orElse(USUAL));
    }

    private static int parse(String count) {
        try {
            int images = Integer.parseInt(count);
            if (images >= 1 && images <= MOST) {
                return images;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw Problems.badRequest(
                "Bad count",
                "Query parameter 'count' must be a whole number from 1 to " + MOST + ", not '" + count + "'");
    }

    /** Tells it as a problem. */
    @ServerExceptionMapper
    public Response refused(PredictionRefusedException refused) {
        return refused.problem();
    }
}
