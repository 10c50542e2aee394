package dev.tutelage.gateway.security;

import dev.tutelage.control.access.AccessRole;
import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Finds out who asks by a token of an OpenID Connect issuer, which Quarkus verifies: signature, issuer, audience and expiry. Its
 * groups say what its subject may do.
 */
@ApplicationScoped
class TokenAuthentication {
    private final OidcAuthenticationMechanism oidc;
    private final SecuritySettings settings;
    private final boolean enabled;

    TokenAuthentication(
            OidcAuthenticationMechanism oidc,
            SecuritySettings settings,
            @ConfigProperty(name = "quarkus.oidc.tenant-enabled") boolean enabled) {
        this.oidc = oidc;
        this.settings = settings;
        this.enabled = enabled;
    }

    boolean isEnabled() {
        return enabled;
    }

    /** Who it is, unless the token is not good. */
    Uni<Optional<Caller>> caller(RoutingContext request, IdentityProviderManager providers) {
        return enabled
                ? oidc.authenticate(request, providers)
                        .onItem()
                        .transform(identity -> Optional.ofNullable(identity).map(this::caller))
                        .onFailure(AuthenticationFailedException.class)
                        .recoverWithItem(Optional.empty())
                : Uni.createFrom().item(Optional.empty());
    }

    private Caller caller(SecurityIdentity identity) {
        return new Caller(identity.getPrincipal().getName(), role(identity.getRoles()), Caller.Means.TOKEN);
    }

    /** The highest that one of the groups has. */
    private Optional<AccessRole> role(Set<String> groups) {
        return Arrays.stream(AccessRole.values())
                .filter(role -> groups(role).stream().anyMatch(groups::contains))
                .max(Comparator.naturalOrder());
    }

    private Set<String> groups(AccessRole role) {
        SecuritySettings.TokenRoles roles = settings.tokenRoles();
        return switch (role) {
            case VIEWER -> roles.viewer();
            case ANNOTATOR -> roles.annotator();
            case OPERATOR -> roles.operator();
            case ADMIN -> roles.admin();
        };
    }
}
