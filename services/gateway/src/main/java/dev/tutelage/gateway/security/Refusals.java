package dev.tutelage.gateway.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tutelage.gateway.console.Answers;
import dev.tutelage.gateway.security.Access.CanonicalPath;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.util.Optional;

/** Answers requests that are refused: as a problem (RFC 9457), as a page, or with the way to the login. */
final class Refusals {
    private Refusals() {}

    static void answer(RoutingContext request, Refusal refusal) {
        CanonicalPath path = CanonicalPath.of(request.normalizedPath());
        // What the request has in its body is forgotten: a sender that is cut off would not see the answer.
        request.request().resume();
        HttpServerResponse response = request.response();
        refusal.headers().forEach(response::putHeader);
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (Refusal.isOfPage(path) && isPart(request) && refusal.status() == 401) {
            // htmx then opens the login in place of the whole page.
            response.putHeader("HX-Redirect", "/login");
        }
        if (!Refusal.isOfPage(path) || !wantsPage(request)) {
            problem(response, refusal, path.isIn("v2"));
        } else if (refusal.status() == 401) {
            response.setStatusCode(303)
                    .putHeader(HttpHeaders.LOCATION, login(request))
                    .end();
        } else {
            page(response, refusal);
        }
    }

    /** Whether htmx fetches a part of a page. */
    private static boolean isPart(RoutingContext request) {
        return request.request().headers().contains("HX-Request");
    }

    /** Those that look for changes, images and events do not. */
    private static boolean wantsPage(RoutingContext request) {
        HttpMethod method = request.request().method();
        return (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD))
                && !isPart(request)
                && Optional.ofNullable(request.request().getHeader(HttpHeaders.ACCEPT))
                        .filter(accept -> !accept.contains("text/html") && !accept.contains("*/*"))
                        .isEmpty();
    }

    private static void problem(HttpServerResponse response, Refusal refusal, boolean inference) {
        JsonObject body = new JsonObject()
                .put("status", refusal.status())
                .put("title", refusal.title())
                .put("detail", refusal.detail());
        if (inference) {
            // Clients of the Open Inference Protocol look for this.
            body.put("error", refusal.detail());
        }
        response.setStatusCode(refusal.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .end(body.encode());
    }

    private static void page(HttpServerResponse response, Refusal refusal) {
        Answers.PAGE_HEADERS.forEach(response::putHeader);
        response.setStatusCode(refusal.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html;charset=UTF-8")
                .end(LoginPages.refused(refusal.title(), refusal.detail()).render());
    }

    private static String login(RoutingContext request) {
        String wanted = request.request().uri();
        return wanted.equals("/") ? "/login" : "/login?next=" + URLEncoder.encode(wanted, UTF_8);
    }
}
