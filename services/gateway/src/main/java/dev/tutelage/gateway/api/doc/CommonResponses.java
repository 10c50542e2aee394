package dev.tutelage.gateway.api.doc;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/** Adds to the OpenAPI document what all operations of a kind may be answered with: problems, and that nothing has changed. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class CommonResponses implements OASFilter {
    private static final String PREFIX = "/api/";
    private static final String PROTOCOL = "/v2/";
    private static final String SCHEMA = "Problem";
    private static final String ERROR = "InferenceError";
    private static final String ANY_JSON = "/JsonNode";
    /** Those that are answered under entity tags. */
    private static final Set<String> TAGGED =
            Set.of("getTask", "getRun", "getCheckpoint", "getLineage", "getDeadLetter", "findRun");

    @Override
    public void filterOpenAPI(OpenAPI api) {
        if (api.getComponents() == null) {
            api.setComponents(OASFactory.createComponents());
        }
        api.getComponents().addSchema(SCHEMA, schema());
        api.getComponents()
                .addSchema(
                        ERROR,
                        OASFactory.createSchema()
                                .addType(SchemaType.OBJECT)
                                .description("Error of the Open Inference Protocol")
                                .addProperty("error", text("What was wrong"))
                                .required(List.of("error")));
        api.getPaths().getPathItems().forEach((path, item) -> {
            if (path.startsWith(PREFIX)) {
                item.getOperations().forEach((method, operation) -> add(path, method, operation));
            } else if (path.startsWith(PROTOCOL) && path.contains("{")) {
                item.getOperations().forEach((method, operation) -> addErrors(method, operation));
            }
        });
    }

    /** JSON of any kind has no schema; the one that its Java class would have is wrong. */
    @Override
    public Schema filterSchema(Schema schema) {
        return schema.getRef() != null && schema.getRef().endsWith(ANY_JSON)
                ? OASFactory.createSchema().description(schema.getDescription())
                : schema;
    }

    private static void addErrors(HttpMethod method, Operation operation) {
        Content error = content("application/json", ERROR);
        add(operation, "404", "There is no such model", error);
        if (method == HttpMethod.POST) {
            add(operation, "400", "The request is wrong", error);
            add(operation, "413", "The request is too large", error);
            add(operation, "503", "The model cannot be loaded, or has too much to do", error);
        }
    }

    private static Schema schema() {
        return OASFactory.createSchema()
                .addType(SchemaType.OBJECT)
                .description("Problem details (RFC 9457)")
                .addProperty("title", text("What kind of problem it is"))
                .addProperty("status", OASFactory.createSchema().addType(SchemaType.INTEGER))
                .addProperty("detail", text("What was wrong, where, and what to do"))
                .addProperty("instance", text("Where it was met"))
                .required(List.of("title", "status"));
    }

    private static Schema text(String description) {
        return OASFactory.createSchema().addType(SchemaType.STRING).description(description);
    }

    private static void add(String path, HttpMethod method, Operation operation) {
        // Not every operation has a name.
        if (Optional.ofNullable(operation.getOperationId())
                .filter(TAGGED::contains)
                .isPresent()) {
            operation
                    .getResponses()
                    .addAPIResponse(
                            "304",
                            OASFactory.createAPIResponse()
                                    .description("It is as the entity tag in If-None-Match says"));
        }
        boolean writes = method == HttpMethod.POST || method == HttpMethod.PUT;
        if (writes || has(operation, parameter -> parameter.getIn() == Parameter.In.QUERY)) {
            add(operation, "400", "The request is wrong");
        }
        if (path.contains("{")) {
            add(operation, "404", "There is no such thing");
        }
        if (writes) {
            add(operation, "413", "The body is too large");
            add(operation, "415", "The body is of a wrong media type");
        }
        if (path.endsWith("/predict") || path.endsWith("/nearest")) {
            add(operation, "408", "The body did not come whole");
            add(operation, "409", "There is no student yet");
            add(operation, "422", "It is no image that the task can use");
            add(operation, "503", "The model cannot be loaded, or has too much to do");
        } else if (path.endsWith("/images")) {
            add(operation, "408", "The body did not come whole");
        } else if (path.equals("/api/runs/{run}")) {
            add(operation, "409", "Several runs' ids begin so");
        } else if (path.endsWith("/{offset}/record")) {
            add(operation, "400", "It is no offset");
            add(operation, "503", "Kafka is not available; Retry-After says when to ask again");
        } else if (path.endsWith("/{offset}")) {
            add(operation, "400", "It is no offset");
        }
        add(operation, "401", "It is not known who asks");
        add(operation, "403", "Who asks may not do that");
        add(operation, "429", "There were too many requests; Retry-After says when to ask again");
        if (has(operation, parameter -> "Idempotency-Key".equals(parameter.getName()))) {
            add(operation, "409", "It cannot be done as things are");
            add(operation, "422", "The Idempotency-Key came with another request before");
            add(operation, "503", "Kafka is not available; Retry-After says when to ask again");
        }
    }

    private static boolean has(Operation operation, Predicate<Parameter> wanted) {
        return Optional.ofNullable(operation.getParameters()).orElse(List.of()).stream()
                .anyMatch(wanted);
    }

    private static void add(Operation operation, String status, String description) {
        add(operation, status, description, content("application/problem+json", SCHEMA));
    }

    /** What an operation itself says of a problem stays. */
    private static void add(Operation operation, String status, String description, Content content) {
        APIResponse response = operation.getResponses().getAPIResponse(status);
        if (response == null) {
            response = OASFactory.createAPIResponse().description(description);
            operation.getResponses().addAPIResponse(status, response);
        }
        response.setContent(content);
    }

    private static Content content(String mediaType, String schema) {
        return OASFactory.createContent()
                .addMediaType(
                        mediaType,
                        OASFactory.createMediaType()
                                .schema(OASFactory.createSchema().ref(schema)));
    }
}
