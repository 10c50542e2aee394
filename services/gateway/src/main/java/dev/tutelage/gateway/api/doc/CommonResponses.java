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
    private static final String SCHEMA = "Problem";
    /** Those that are answered under entity tags. */
    private static final Set<String> TAGGED =
            Set.of("getTask", "getRun", "getCheckpoint", "getLineage", "getDeadLetter");

    @Override
    public void filterOpenAPI(OpenAPI api) {
        if (api.getComponents() == null) {
            api.setComponents(OASFactory.createComponents());
        }
        api.getComponents().addSchema(SCHEMA, schema());
        api.getPaths().getPathItems().forEach((path, item) -> {
            if (path.startsWith(PREFIX)) {
                item.getOperations().forEach((method, operation) -> add(path, method, operation));
            }
        });
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

    /** What an operation itself says of a problem stays. */
    private static void add(Operation operation, String status, String description) {
        APIResponse response = operation.getResponses().getAPIResponse(status);
        if (response == null) {
            response = OASFactory.createAPIResponse().description(description);
            operation.getResponses().addAPIResponse(status, response);
        }
        response.setContent(problem());
    }

    private static Content problem() {
        return OASFactory.createContent()
                .addMediaType(
                        "application/problem+json",
                        OASFactory.createMediaType()
                                .schema(OASFactory.createSchema().ref(SCHEMA)));
    }
}
