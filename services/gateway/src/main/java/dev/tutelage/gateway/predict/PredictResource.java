package dev.tutelage.gateway.predict;

import static jakarta.ws.rs.core.Response.Status.BAD_REQUEST;

import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** What images show. */
@Path("/api/tasks/{task}/predict")
public class PredictResource {
    private final ImagePredictor predictor;

    public PredictResource(ImagePredictor predictor) {
        this.predictor = predictor;
    }

    /**
     * What an image shows, which is the request's body.
     *
     * @param checkpoint how the digest of the checkpoint begins that is to be asked; empty: the student
     */
    @POST
    @Consumes(MediaType.WILDCARD)
    public Prediction body(
            @PathParam("task") String task, @QueryParam("checkpoint") Optional<String> checkpoint, InputStream image)
            throws IOException {
        return predictor.predict(task, checkpoint, image);
    }

    /**
     * What an image shows, which is the one file of a form.
     *
     * @param checkpoint how the digest of the checkpoint begins that is to be asked; empty: the student
     */
    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public Prediction form(
            @PathParam("task") String task,
            @QueryParam("checkpoint") Optional<String> checkpoint,
            @RestForm(FileUpload.ALL) List<FileUpload> files)
            throws IOException {
        if (files.size() != 1) {
            throw new PredictionRefusedException(
                    BAD_REQUEST,
                    "Not one image",
                    "The form has " + files.size() + " files. Send one: curl -F image=@FILE, or the image itself as the"
                            + " body: curl --data-binary @FILE");
        }
        try (InputStream image = Files.newInputStream(files.get(0).uploadedFile())) {
            return predictor.predict(task, checkpoint, image);
        }
    }

    /** Tells it as a problem. */
    @ServerExceptionMapper
    public Response refused(PredictionRefusedException refused) {
        return HttpProblem.builder()
                .withTitle(refused.title())
                .withStatus(refused.status())
                .withDetail(refused.getMessage())
                .build()
                .toResponse();
    }
}
