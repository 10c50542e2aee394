package dev.tutelage.gateway.security;

import dev.tutelage.control.access.AccessRole;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import java.util.Optional;

/**
 * Who asks.
 *
 * @param name of the key
 * @param role what they may do
 * @param means how it is known
 */
public record Caller(String name, AccessRole role, Means means) {
    private static final String ATTRIBUTE = "tutelage.caller";

    /** How it is known who asks. */
    public enum Means {
        /** A key in the request. */
        KEY,
        /** A cookie, which browsers send by themselves, also on behalf of other sites. */
        SESSION,
        /** It is not: everybody may do everything. */
        OPEN
    }

    /** As Quarkus keeps it. */
    SecurityIdentity identity() {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(name))
                .addRole(role.label())
                .addAttribute(ATTRIBUTE, this)
                .build();
    }

    /** Who it is, if that is known. */
    public static Optional<Caller> of(SecurityIdentity identity) {
        return Optional.ofNullable(identity.<Caller>getAttribute(ATTRIBUTE));
    }
}
