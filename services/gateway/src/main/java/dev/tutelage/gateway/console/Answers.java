package dev.tutelage.gateway.console;

import dev.tutelage.gateway.fold.Facts;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** What all pages answer with: headers that keep what is not ours out, and a page where there is none. */
public class Answers {
    /** No script and no style but our files: what is in facts stays text, whatever it says. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** What every page says of itself, whoever makes it. */
    public static final Map<String, String> PAGE_HEADERS = Map.of(
            "Content-Security-Policy",
            POLICY,
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "same-origin",
            HttpHeaders.CACHE_CONTROL,
            "no-store");

    private final Facts facts;
    private final Frames frames;

    public Answers(Facts facts, Frames frames) {
        this.facts = facts;
        this.frames = frames;
    }

    /** Headers of pages. */
    @ServerResponseFilter
    public void guard(ContainerResponseContext response) {
        MediaType type = response.getMediaType();
        if (type != null && type.isCompatible(MediaType.TEXT_HTML_TYPE)) {
            PAGE_HEADERS.forEach(response.getHeaders()::putSingle);
        }
    }

    /** A page that says what does not exist. */
    @ServerExceptionMapper
    public RestResponse<String> explain(NoSuchPage missing) {
        Frame frame = facts.read(ledger -> frames.plain(ledger, "Not found", ""));
        return RestResponse.ResponseBuilder.create(
                        RestResponse.Status.NOT_FOUND,
                        Pages.problem(frame, missing.getMessage()).render())
                .type(MediaType.TEXT_HTML_TYPE)
                .build();
    }
}
