package dev.tutelage.gateway.upload;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Bounds the bodies of all requests but uploads, which have limits of their own. Quarkus knows one limit for all, so it is told
 * none.
 */
@ApplicationScoped
class OtherBodies {
    private static final long LIMIT = 10L << 20;
    /** Where Quarkus looks for a limit of a request whose length is not known before. */
    private static final String LIMIT_KEY = "io.quarkus.max-request-size";

    private static final Pattern UPLOADS = Pattern.compile("/api/tasks/[^/]*/images/?");
    private static final int EARLY = 1000;

    void register(@Observes Filters filters) {
        filters.register(OtherBodies::bound, EARLY);
    }

    private static void bound(RoutingContext request) {
        if (UPLOADS.matcher(request.request().path()).matches()) {
            request.next();
        } else if (length(request) > LIMIT) {
            // What comes is forgotten: a sender that is cut off would not see the answer.
            request.request().resume();
            request.response()
                    .setStatusCode(413)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                    .end("{\"status\":413,\"title\":\"Too large\",\"detail\":\"The body has more than " + LIMIT
                            + " bytes: send less at once\"}");
        } else {
            request.put(LIMIT_KEY, LIMIT);
            request.next();
        }
    }

    private static long length(RoutingContext request) {
        return Optional.ofNullable(request.request().getHeader(HttpHeaders.CONTENT_LENGTH))
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(Long::parseLong)
                .orElse(0L);
    }
}
