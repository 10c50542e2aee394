package dev.tutelage.gateway.api.doc;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Optional;
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

/** Adds the problems that all operations of a kind may be answered with to the OpenAPI document. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class ProblemResponses implements OASFilter {
    private static final String PREFIX = "/api/";
    private static final String SCHEMA = "Problem";

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
        boolean writes = method == HttpMethod.POST || method == HttpMethod.PUT;
        if (writes || hasQuery(operation)) {
            add(operation, "400", "The request is wrong");
        }
        if (path.contains("{")) {
            add(operation, "404", "There is no such thing");
        }
        if (writes) {
            add(operation, "409", "It cannot be done as things are");
            add(operation, "422", "The Idempotency-Key came with another request before");
            add(operation, "503", "Kafka is not available; Retry-After says when to ask again");
        }
    }

    private static boolean hasQuery(Operation operation) {
        return Optional.ofNullable(operation.getParameters()).orElse(List.of()).stream()
                .anyMatch(parameter -> parameter.getIn() == Parameter.In.QUERY);
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
