package dev.tutelage.gateway.security;

import dev.tutelage.control.access.AccessRole;
import dev.tutelage.event.v1.Audited;
import dev.tutelage.gateway.api.Problems;
import dev.tutelage.gateway.security.Access.CanonicalPath;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Says who is about to change what, before it is begun: if that cannot be said, nothing is changed. Uploads are many, and say who
 * sent them in their own fact.
 */
public class AuditTrail {
    private static final String REQUEST_ID = "X-Request-Id";
    private static final int LONGEST = 1000;

    private final FactLog log;
    private final SecurityIdentity identity;
    private final CurrentVertxRequest current;

    public AuditTrail(FactLog log, SecurityIdentity identity, CurrentVertxRequest current) {
        this.log = log;
        this.identity = identity;
        this.current = current;
    }

    /** Called before what answers a request, on a thread that may wait for Kafka. */
    @ServerRequestFilter
    public void tell() {
        RoutingContext request = current.getCurrent();
        CanonicalPath path = CanonicalPath.of(request.normalizedPath());
        boolean told = Access.row(request.request().method().name(), path)
                .filter(Access.Row::isAudited)
                .isPresent();
        if (told) {
            tell(request, path);
        }
    }

    private void tell(RoutingContext request, CanonicalPath path) {
        // Whoever reads the audit finds what was answered by this.
        String id = UUID.randomUUID().toString();
        request.response().putHeader(REQUEST_ID, id);
        try {
            log.publish(List.of(fact(id, request, path)));
        } catch (NotPublishedException e) {
            throw Problems.noKafka(e);
        }
    }

    private Audited fact(String id, RoutingContext request, CanonicalPath path) {
        Caller caller = Caller.of(identity).orElseThrow();
        return Audited.newBuilder()
                .setRequest(id)
                .setBy(caller.name())
                .setRole(caller.role().map(AccessRole::label).orElse(""))
                .setMeans(caller.means().name().toLowerCase(Locale.ROOT))
                .setMethod(request.request().method().name())
                .setPath(shortened(request.request().path()))
                .setTask(shortened(path.task().orElse("")))
                .setClient(RateLimits.address(request))
                .setIdempotencyKey(
                        shortened(Optional.ofNullable(request.request().getHeader("Idempotency-Key"))
                                .orElse("")))
                .build();
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(LONGEST, text.length()));
    }
}
