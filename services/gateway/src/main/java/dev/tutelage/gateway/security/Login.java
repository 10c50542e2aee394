package dev.tutelage.gateway.security;

import dev.tutelage.control.access.AccessKey;
import dev.tutelage.control.access.KeyHolder;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Logging in to the console, and out of it. */
@Path("/")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class Login {
    /** A path of this gateway: what begins with two slashes, or one of each kind, is another host to browsers. */
    private static final Pattern LOCAL = Pattern.compile("/(?![/\\\\])[\\x21-\\x7e]*");

    private static final String HOME = "/";

    private final KnownKeys keys;
    private final Sessions sessions;
    private final RateLimits limits;
    private final CurrentVertxRequest current;

    public Login(KnownKeys keys, Sessions sessions, RateLimits limits, CurrentVertxRequest current) {
        this.limits = limits;
        this.keys = keys;
        this.sessions = sessions;
        this.current = current;
    }

    /** The page that asks for a key. */
    @GET
    @Path("login")
    @Operation(hidden = true)
    public TemplateInstance page(@QueryParam("next") @DefaultValue("/") String next) {
        return LoginPages.login(local(next), "");
    }

    /** Logs in, and goes on to the page that was wanted. */
    @POST
    @Path("login")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Response login(
            @FormParam("key") @DefaultValue("") String key, @FormParam("next") @DefaultValue("/") String next) {
        RoutingContext request = current.getCurrent();
        if (SameOrigin.isForeign(request)) {
            return refused(403, next, "Another site has sent this key. Enter it here if it is yours.");
        }
        Optional<KeyHolder> holder = keys.holder(new AccessKey(key.strip()));
        if (holder.isEmpty()) {
            return limits.failure(RateLimits.address(request))
                    .map(wait -> refused(429, next, "Too many wrong keys came from here. Wait a minute."))
                    .orElseGet(() -> refused(401, next, "This key is not known here, or not any more."));
        }
        sessions.begin(holder.get(), request);
        return Response.seeOther(URI.create(local(next))).build();
    }

    private static Response refused(int status, String next, String problem) {
        return Response.status(status)
                .type(MediaType.TEXT_HTML_TYPE)
                .entity(LoginPages.login(local(next), problem).render())
                .build();
    }

    /** Logs out. */
    @POST
    @Path("logout")
    @Operation(hidden = true)
    public Response logout() {
        RoutingContext request = current.getCurrent();
        if (SameOrigin.isForeign(request)) {
            return refused(403, HOME, "Another site wants to log you out. Do so here if you want to.");
        }
        sessions.end(request);
        return Response.seeOther(URI.create("/login")).build();
    }

    private static String local(String next) {
        try {
            return LOCAL.matcher(next).matches() ? URI.create(next).toString() : HOME;
        } catch (IllegalArgumentException e) {
            return HOME;
        }
    }
}
