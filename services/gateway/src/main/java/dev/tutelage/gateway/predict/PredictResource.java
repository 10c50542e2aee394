package dev.tutelage.gateway.predict;

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

/** What images show. */
@Path("/api/tasks/{task}/predict")
public class PredictResource {
    private final ImagePredictor predictor;
    private final int largest;

    public PredictResource(ImagePredictor predictor, PredictSettings settings) {
        this.predictor = predictor;
        this.largest = Math.toIntExact(settings.largestImage().asLongValue());
    }

    /**
     * What an image shows, which is the request's body, or the one file of a form.
     *
     * @param checkpoint how the digest of the checkpoint begins that is to be asked; empty: the student
     */
    @POST
    @Consumes(MediaType.WILDCARD)
    @Operation(operationId = "predict", summary = "Says what an image shows")
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
    public Prediction predict(
            @PathParam("task") String task,
            @QueryParam("checkpoint") Optional<String> checkpoint,
            @HeaderParam("Content-Type") @DefaultValue("") String contentType,
            InputStream body)
            throws IOException {
        return predictor.predict(task, checkpoint, OneImage.read(contentType, body, largest));
    }

    /** Tells it as a problem. */
    @ServerExceptionMapper
    public Response refused(PredictionRefusedException refused) {
        return refused.problem();
    }
}
