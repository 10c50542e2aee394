package dev.tutelage.gateway.security;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;

/** Whether a page of the gateway's own sent a request. Browsers say so in headers that scripts cannot set. */
final class SameOrigin {
    /** Says what a browser knows of the sender: {@code same-origin}, {@code same-site}, {@code cross-site}, {@code none}. */
    private static final String SITE = "Sec-Fetch-Site";

    private static final String ORIGIN = "Origin";

    private SameOrigin() {}

    /** Whether it is known that one did. */
    static boolean sent(RoutingContext request) {
        return said(request).orElse(false);
    }

    /** Whether it is known that none did; of requests that no browser sent nothing is known. */
    static boolean isForeign(RoutingContext request) {
        return !said(request).orElse(true);
    }

    private static Optional<Boolean> said(RoutingContext context) {
        HttpServerRequest request = context.request();
        Optional<Boolean> site = Optional.ofNullable(request.getHeader(SITE)).map("same-origin"::equals);
        return site.or(() -> Optional.ofNullable(request.getHeader(ORIGIN))
                .map(origin -> origin.toLowerCase(Locale.ROOT).equals(own(context))));
    }

    private static String own(RoutingContext context) {
        String host = Optional.ofNullable(context.request().authority())
                .map(Object::toString)
                .orElse("");
        return (scheme(context) + "://" + host).toLowerCase(Locale.ROOT);
    }

    /** {@code http} or {@code https}, as a proxy tells it if Quarkus is told to believe that. */
    static String scheme(RoutingContext context) {
        return Optional.ofNullable(context.request().scheme()).orElse("http");
    }
}
