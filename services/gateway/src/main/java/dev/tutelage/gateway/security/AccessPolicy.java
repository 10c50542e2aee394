package dev.tutelage.gateway.security;

import dev.tutelage.control.access.AccessRole;
import dev.tutelage.gateway.security.Access.CanonicalPath;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Applies the table to every request. It answers those that it refuses, so that all refusals say what was needed. */
@ApplicationScoped
class AccessPolicy implements HttpSecurityPolicy {
    private final RateLimits limits;

    AccessPolicy(RateLimits limits) {
        this.limits = limits;
    }

    @Override
    public Uni<CheckResult> checkPermission(
            RoutingContext request, Uni<SecurityIdentity> identity, AuthorizationRequestContext context) {
        CanonicalPath path = CanonicalPath.of(request.normalizedPath());
        Optional<Access.Row> row = Access.row(request.request().method().name(), path);
        if (row.filter(each -> each.role().isEmpty()).isPresent()) {
            return CheckResult.permit();
        }
        return identity.onItem().transformToUni(who -> {
            Optional<Refusal> refusal = refusal(request, path, row, Caller.of(who));
            refusal.ifPresent(why -> Refusals.answer(request, why));
            // A request that was answered goes nowhere from here.
            return refusal.isPresent() ? Uni.createFrom().<CheckResult>nothing() : CheckResult.permit();
        });
    }

    private Optional<Refusal> refusal(
            RoutingContext request, CanonicalPath path, Optional<Access.Row> row, Optional<Caller> caller) {
        String what = request.request().method().name() + " " + request.normalizedPath();
        AccessRole needed = row.flatMap(Access.Row::role).orElse(AccessRole.VIEWER);
        Optional<Refusal> tooOften = tooOften(request, caller);
        if (tooOften.isPresent()) {
            return tooOften;
        } else if (caller.isEmpty()) {
            return Optional.of(Refusal.unknown(
                    what, needed, KeyAuthentication.credential(request).isPresent()));
        } else if (row.isEmpty()) {
            return Optional.of(Refusal.unlisted(request.normalizedPath(), Access.methods(path)));
        } else if (!caller.get().may(needed)) {
            return Optional.of(Refusal.forbidden(what, needed, caller.get()));
        }
        boolean doubtful = caller.get().means() == Caller.Means.SESSION
                && row.get().changes()
                && !(SameOrigin.sent(request) && request.request().headers().contains(Refusal.CONSOLE_HEADER));
        return doubtful ? Optional.of(Refusal.crossSite(what)) : Optional.empty();
    }

    /** A good key is not locked out by others' wrong ones from the same address. */
    private Optional<Refusal> tooOften(RoutingContext request, Optional<Caller> caller) {
        if (caller.isPresent()) {
            return limits.request(caller.get().name())
                    .map(wait -> Refusal.tooOften(caller.get().name(), "requests", wait));
        }
        String address = RateLimits.address(request);
        return KeyAuthentication.credential(request)
                .flatMap(wrong -> limits.failure(address))
                .map(wait -> Refusal.tooOften(address, "keys that are not known here", wait));
    }
}
