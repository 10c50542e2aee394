package dev.tutelage.gateway.limit;

import dev.tutelage.gateway.predict.PredictSettings;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Bounds the bodies of requests: of inference and of answers by limits of their own, of all others but uploads, which count for
 * themselves, by one. Quarkus knows one limit for all, so it is told none.
 */
@ApplicationScoped
class RequestLimits {
    private static final long LIMIT = 10L << 20;
    /** Where Quarkus looks for a limit of a request whose length is not known before. */
    private static final String LIMIT_KEY = "io.quarkus.max-request-size";

    private static final Pattern UPLOADS = Pattern.compile("/api/tasks/[^/]*/images/?");
    private static final Pattern INFERENCE = Pattern.compile("/v2(/.*)?");
    /** Small things, of which many would be large in memory. */
    private static final Pattern ANSWERS = Pattern.compile("/api/tasks/[^/]*/label-queue/answers/?");

    private static final long ANSWERS_LIMIT = 1L << 20;
    private static final int EARLY = 1000;

    private final PredictSettings inference;

    RequestLimits(PredictSettings inference) {
        this.inference = inference;
    }

    void register(@Observes Filters filters) {
        filters.register(this::bound, EARLY);
    }

    private void bound(RoutingContext request) {
        String path = request.request().path();
        if (UPLOADS.matcher(path).matches()) {
            request.next();
        } else {
            bound(request, limit(path));
        }
    }

    private long limit(String path) {
        if (INFERENCE.matcher(path).matches()) {
            return inference.largestRequest().asLongValue();
        }
        return ANSWERS.matcher(path).matches() ? ANSWERS_LIMIT : LIMIT;
    }

    private static void bound(RoutingContext request, long limit) {
        if (length(request) > limit) {
            // What comes is forgotten: a sender that is cut off would not see the answer.
            request.request().resume();
            request.response()
                    .setStatusCode(413)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                    .end("{\"status\":413,\"title\":\"Too large\",\"detail\":\"The body has more than " + limit
                            + " bytes: send less at once\"}");
        } else {
            request.put(LIMIT_KEY, limit);
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
