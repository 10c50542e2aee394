package dev.tutelage.gateway.security;

import dev.tutelage.control.access.AccessKey;
import dev.tutelage.control.access.AccessRole;
import dev.tutelage.control.access.KeyHolder;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Finds out who asks: by a key in the header {@code Authorization}, or else by the cookie of a session. A credential that is good
 * for nothing is as good as none: the policy answers, which knows what was needed.
 */
@ApplicationScoped
class KeyAuthentication implements HttpAuthenticationMechanism {
    private static final String SCHEME = "Bearer ";
    private static final Caller ANYBODY = new Caller("anybody", AccessRole.ADMIN, Caller.Means.OPEN);

    private final SecuritySettings settings;
    private final KnownKeys keys;
    private final Sessions sessions;

    KeyAuthentication(SecuritySettings settings, KnownKeys keys, Sessions sessions) {
        this.settings = settings;
        this.keys = keys;
        this.sessions = sessions;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext request, IdentityProviderManager providers) {
        return Uni.createFrom().optional(caller(request).map(Caller::identity));
    }

    private Optional<Caller> caller(RoutingContext request) {
        if (settings.open()) {
            return Optional.of(ANYBODY);
        }
        Optional<String> credential = credential(request);
        // Who sends a key means to be known by it, whichever cookies come along.
        return credential.isPresent()
                ? credential
                        .filter(AccessKey::looksLike)
                        .flatMap(text -> keys.holder(new AccessKey(text)))
                        .map(holder -> caller(holder, Caller.Means.KEY))
                : sessions.digest(request).flatMap(keys::holder).map(holder -> caller(holder, Caller.Means.SESSION));
    }

    private static Caller caller(KeyHolder holder, Caller.Means means) {
        return new Caller(holder.name(), holder.role(), means);
    }

    /** What a request sends to be known by. */
    static Optional<String> credential(RoutingContext request) {
        return Optional.ofNullable(request.request().getHeader(HttpHeaders.AUTHORIZATION))
                .map(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                        ? header.substring(SCHEME.length()).strip()
                        : header);
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext request) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", Refusal.CHALLENGE));
    }
}
