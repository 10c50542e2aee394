package dev.tutelage.gateway.predict.v2;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.gateway.predict.PredictMetrics;
import dev.tutelage.gateway.predict.PredictSettings;
import dev.tutelage.gateway.predict.PredictionRefusedException;
import dev.tutelage.gateway.predict.Student;
import dev.tutelage.gateway.predict.Students;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Open Inference Protocol. What is wrong is told as it says: {@code {"error": "..."}}. */
@Path("/v2")
@Produces(MediaType.APPLICATION_JSON)
public class InferenceResource {
    /** The header that tells how many bytes of a body are JSON; the others are tensors. */
    static final String JSON_LENGTH = "Inference-Header-Content-Length";

    private static final Logger LOG = LoggerFactory.getLogger(InferenceResource.class);

    private final Students students;
    private final Facts facts;
    private final PredictMetrics metrics;
    private final ObjectMapper json;
    private final int largestRequest;
    private final String version;

    public InferenceResource(
            Students students,
            Facts facts,
            PredictMetrics metrics,
            PredictSettings settings,
            ObjectMapper json,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.students = students;
        this.facts = facts;
        this.metrics = metrics;
        this.json = json;
        this.largestRequest = Math.toIntExact(settings.largestRequest().asLongValue());
        this.version = version;
    }

    /** What serves here. */
    @GET
    public Map<String, Object> server() {
        return Map.of("name", "tutelage", "version", version, "extensions", List.of("binary_tensor_data"));
    }

    /** That it runs. */
    @GET
    @Path("health/live")
    public Map<String, Object> live() {
        return Map.of("live", true);
    }

    /** Whether it knows what was said and has loaded the students, or tried to. */
    @GET
    @Path("health/ready")
    public Response ready() {
        boolean ready = facts.isCaughtUp() && students.isSettled();
        return Response.status(ready ? Response.Status.OK : Response.Status.SERVICE_UNAVAILABLE)
                .entity(Map.of("ready", ready))
                .build();
    }

    /** What a task's student takes and says. */
    @GET
    @Path("models/{model}")
    public ModelMetadata model(@PathParam("model") String model) {
        return metadata(model, Optional.empty());
    }

    /** What a version takes and says. */
    @GET
    @Path("models/{model}/versions/{version}")
    public ModelMetadata version(@PathParam("model") String model, @PathParam("version") String version) {
        return metadata(model, Optional.of(version));
    }

    /** That a task's student answers. */
    @GET
    @Path("models/{model}/ready")
    public Map<String, Object> modelReady(@PathParam("model") String model) {
        return ready(model, Optional.empty());
    }

    /** That a version answers; it is loaded for that. */
    @GET
    @Path("models/{model}/versions/{version}/ready")
    public Map<String, Object> versionReady(@PathParam("model") String model, @PathParam("version") String version) {
        return ready(model, Optional.of(version));
    }

    /** Asks a task's student. */
    @POST
    @Path("models/{model}/infer")
    @Consumes(MediaType.WILDCARD)
    public Response infer(
            @PathParam("model") String model, @HeaderParam(JSON_LENGTH) Optional<String> jsonLength, InputStream body)
            throws IOException {
        return infer(model, Optional.empty(), InferBody.read(body, jsonLength, largestRequest, json));
    }

    /** Asks a version. */
    @POST
    @Path("models/{model}/versions/{version}/infer")
    @Consumes(MediaType.WILDCARD)
    public Response inferVersion(
            @PathParam("model") String model,
            @PathParam("version") String version,
            @HeaderParam(JSON_LENGTH) Optional<String> jsonLength,
            InputStream body)
            throws IOException {
        return infer(model, Optional.of(version), InferBody.read(body, jsonLength, largestRequest, json));
    }

    /** What the protocol has beyond this server: clients expect to be told in its way. */
    @GET
    @Path("{path: .+}")
    public Response unknownGet(@PathParam("path") String path) {
        return unknown("GET", path);
    }

    /** What the protocol has beyond this server: clients expect to be told in its way. */
    @POST
    @Path("{path: .+}")
    public Response unknownPost(@PathParam("path") String path) {
        return unknown("POST", path);
    }

    private static Response unknown(String method, String path) {
        return error(Response.Status.NOT_FOUND.getStatusCode(), "there is no " + method + " /v2/" + path + " here");
    }

    private ModelMetadata metadata(String model, Optional<String> version) {
        try (Student student = students.hold(model, version)) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put("classes", student.classes());
            parameters.put("version", student.digest());
            students.failure(model).ifPresent(failure -> parameters.put("not_loaded", failure));
            return ModelMetadata.of(student, students.versions(model), parameters);
        }
    }

    private Map<String, Object> ready(String model, Optional<String> version) {
        try (Student student = students.hold(model, version)) {
            return Map.of("name", model, "version", student.digest(), "ready", true);
        }
    }

    private Response infer(String model, Optional<String> version, InferBody body) throws IOException {
        long start = System.nanoTime();
        InferAnswer.requireKnown(body.request());
        try (Student student = students.hold(model, version)) {
            ImageTensor images = ImageTensor.of(body, student.images());
            float[] logits = student.logits(images.values(), images.count());
            InferAnswer answer = InferAnswer.of(body.request(), student, logits, images.count(), json);
            metrics.answered(model, Duration.ofNanos(System.nanoTime() - start));
            if (!answer.isBinary()) {
                return Response.ok(answer.json(), MediaType.APPLICATION_JSON).build();
            }
            byte[] head = json.writeValueAsBytes(answer.json());
            return Response.ok(answer.withBinary(head), MediaType.APPLICATION_OCTET_STREAM)
                    .header(JSON_LENGTH, head.length)
                    .build();
        }
    }

    /** Tells it as the protocol says. */
    @ServerExceptionMapper
    public Response refused(PredictionRefusedException refused) {
        return error(refused.status().getStatusCode(), refused.getMessage());
    }

    /** A fault of ours, told as the protocol says. */
    @ServerExceptionMapper
    public Response failed(IllegalStateException failure) {
        LOG.error("An inference failed", failure);
        return error(Response.Status.INTERNAL_SERVER_ERROR.getStatusCode(), "the inference failed; the log says why");
    }

    private static Response error(int status, String message) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("error", message))
                .build();
    }
}
