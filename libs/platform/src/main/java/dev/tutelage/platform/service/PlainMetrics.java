package dev.tutelage.platform.service;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Metrics are in Prometheus's text format for whoever does not say what they read: KEDA asks so, and reads nothing else. Quarkus
 * would choose OpenMetrics.
 */
@ApplicationScoped
public class PlainMetrics {
    private static final String PATH = "/q/metrics";
    private static final String ACCEPT = "Accept";
    private static final int PRIORITY = 100;

    void register(@Observes Filters filters) {
        filters.register(PlainMetrics::accept, PRIORITY);
    }

    private static void accept(RoutingContext context) {
        if (PATH.equals(context.normalizedPath()) && context.request().getHeader(ACCEPT) == null) {
            context.request().headers().set(ACCEPT, "text/plain");
        }
        context.next();
    }
}
