package dev.tutelage.gateway.queue;

import dev.tutelage.gateway.api.Problems;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** Which part of the queue is wanted. */
public class QueueQuery {
    private static final int USUAL = 50;

    @QueryParam("strategy")
    @Parameter(
            description = "By what images are chosen",
            schema =
                    @Schema(
                            enumeration = {"margin", "entropy", "disagreement", "centres"},
                            defaultValue = "margin"))
    Optional<String> strategy;

    @QueryParam("limit")
    @Parameter(
            description = "Images, at most; as many as tutelage.gateway.queue.best says",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", defaultValue = "50"))
    Optional<String> limit;

    @Context
    UriInfo uri;

    Strategy strategy() {
        requireKnown();
        return strategy.map(Strategy::of).orElse(Strategy.MARGIN);
    }

    /** @param most that a request may get */
    int limit(int most) {
        return limit.map(text -> limit(text, most)).orElse(Math.min(USUAL, most));
    }

    private static int limit(String text, int most) {
        int limit = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > most) {
            throw Problems.badRequest(
                    "Bad limit",
                    "Query parameter 'limit' must be a whole number from 1 to " + most + ", not '" + text + "'");
        }
        return limit;
    }

    private void requireKnown() {
        Set<String> given = uri.getQueryParameters().keySet();
        given.stream()
                .filter(name -> !name.equals("strategy") && !name.equals("limit"))
                .findFirst()
                .ifPresent(name -> {
                    throw Problems.badRequest(
                            "Bad query", "There is no query parameter '" + name + "' here. There are: limit, strategy");
                });
    }
}
