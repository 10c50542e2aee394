package dev.tutelage.gateway.api.page;

import dev.tutelage.gateway.api.Problems;
import dev.tutelage.gateway.history.Timeline;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** The query of a collection: which page is wanted. */
public class Paging {

    @QueryParam("limit")
    @Parameter(
            description = "Items of a page",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "500", defaultValue = "50"))
    Optional<String> limit;

    @QueryParam("cursor")
    @Parameter(description = "Where the page begins: of the next of the page before; without it with the newest")
    Optional<String> cursor;

    @Context
    UriInfo uri;

    /**
     * The page.
     *
     * @param filters names of the query's other parameters
     * @throws io.quarkiverse.resteasy.problem.HttpProblem with status 400 if the query is wrong
     */
    public <V, T> Page<T> page(Timeline<V> timeline, Predicate<V> wanted, Function<V, T> view, String... filters) {
        requireKnown(filters);
        return PageRequest.of(limit, cursor).of(timeline, wanted, view, this::next);
    }

    /** A filter that is misspelt would filter nothing, and one that is given twice would be ignored once. */
    private void requireKnown(String... filters) {
        Set<String> known = new TreeSet<>(Arrays.asList(filters));
        known.add("limit");
        known.add("cursor");
        uri.getQueryParameters().forEach((name, values) -> require(name, values, known));
    }

    private static void require(String name, List<String> values, Set<String> known) {
        if (!known.contains(name)) {
            throw Problems.badRequest(
                    "Bad query",
                    "There is no query parameter '" + name + "' here. There are: " + String.join(", ", known));
        } else if (values.size() > 1) {
            throw Problems.badRequest(
                    "Bad query", "Query parameter '" + name + "' is given " + values.size() + " times; give it once");
        }
    }

    private String next(String following) {
        URI next = uri.getRequestUriBuilder()
                .replaceQueryParam("cursor", following)
                .build();
        return next.getRawPath() + "?" + next.getRawQuery();
    }
}
