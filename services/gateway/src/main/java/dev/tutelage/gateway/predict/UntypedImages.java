package dev.tutelage.gateway.predict;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.regex.Pattern;

/** An image of which no type is said is bytes. Were that left open, JAX-RS would take it for the form, the narrower choice. */
@ApplicationScoped
public class UntypedImages {
    private static final Pattern PREDICT = Pattern.compile("/api/tasks/[^/]+/predict/?");
    private static final int PRIORITY = 100;

    void register(@Observes Filters filters) {
        filters.register(UntypedImages::type, PRIORITY);
    }

    private static void type(RoutingContext context) {
        if (context.request().getHeader(HttpHeaders.CONTENT_TYPE) == null
                && PREDICT.matcher(context.normalizedPath()).matches()) {
            context.request().headers().set(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_OCTET_STREAM);
        }
        context.next();
    }
}
