package dev.tutelage.gateway.security;

import dev.tutelage.control.access.AccessKey;
import dev.tutelage.control.access.AccessRole;
import dev.tutelage.control.access.KeyHolder;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Finds out who asks: by a key or a token in the header {@code Authorization}, or else by the cookie of a session. A credential that is good
 * for nothing is as good as none: the policy answers, which knows what was needed.
 */
@ApplicationScoped
class KeyAuthentication implements HttpAuthenticationMechanism {
    private static final String SCHEME = "Bearer ";
    private static final Caller ANYBODY = new Caller("anybody", Optional.of(AccessRole.ADMIN), Caller.Means.OPEN);
    private static final SecurityIdentity NOBODY =
            QuarkusSecurityIdentity.builder().setAnonymous(true).build();
    /** Before the mechanism of tokens, which is asked from here and not by Quarkus: that would answer for itself. */
    private static final int FIRST = 5000;

    private final SecuritySettings settings;
    private final KnownKeys keys;
    private final Sessions sessions;
    private final TokenAuthentication tokens;

    KeyAuthentication(SecuritySettings settings, KnownKeys keys, Sessions sessions, TokenAuthentication tokens) {
        this.tokens = tokens;
        this.settings = settings;
        this.keys = keys;
        this.sessions = sessions;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext request, IdentityProviderManager providers) {
        return caller(request, providers).onItem().transform(caller -> caller.map(Caller::identity)
                .orElse(NOBODY));
    }

    private Uni<Optional<Caller>> caller(RoutingContext request, IdentityProviderManager providers) {
        Optional<String> credential = credential(request);
        if (settings.open()) {
            return Uni.createFrom().item(Optional.of(ANYBODY));
        } else if (credential.isEmpty()) {
            return Uni.createFrom()
                    .item(sessions.digest(request)
                            .flatMap(keys::holder)
                            .map(holder -> caller(holder, Caller.Means.SESSION)));
        }
        // Who sends a key means to be known by it, whichever cookies come along.
        return credential.filter(AccessKey::looksLike).isPresent()
                ? Uni.createFrom()
                        .item(keys.holder(new AccessKey(credential.get()))
                                .map(holder -> caller(holder, Caller.Means.KEY)))
                : tokens.caller(request, providers);
    }

    private static Caller caller(KeyHolder holder, Caller.Means means) {
        return new Caller(holder.name(), Optional.of(holder.role()), means);
    }

    /** What a request sends to be known by. */
    static Optional<String> credential(RoutingContext request) {
        return Optional.ofNullable(request.request().getHeader(HttpHeaders.AUTHORIZATION))
                .map(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                        ? header.substring(SCHEME.length()).strip()
                        : header);
    }

    @Override
    public int getPriority() {
        return FIRST;
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext request) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", Refusal.CHALLENGE));
    }
}
