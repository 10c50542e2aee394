package dev.tutelage.gateway.security;

import dev.tutelage.control.access.AccessRole;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who asks.
 *
 * @param name of the key, or the subject of the token
 * @param role what they may do; empty: nothing
 * @param means how it is known
 */
public record Caller(String name, Optional<AccessRole> role, Means means) {
    private static final String ATTRIBUTE = "tutelage.caller";

    /** How it is known who asks. */
    public enum Means {
        /** A key in the request. */
        KEY,
        /** A cookie, which browsers send by themselves, also on behalf of other sites. */
        SESSION,
        /** A token of an OpenID Connect issuer. */
        TOKEN,
        /** It is not: everybody may do everything. */
        OPEN
    }

    /** As Quarkus keeps it. */
    SecurityIdentity identity() {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(name))
                .addRoles(role.map(AccessRole::label).stream().collect(Collectors.toSet()))
                .addAttribute(ATTRIBUTE, this)
                .build();
    }

    boolean may(AccessRole needed) {
        return role.filter(own -> own.includes(needed)).isPresent();
    }

    /** Who it is, if that is known. */
    public static Optional<Caller> of(SecurityIdentity identity) {
        return Optional.ofNullable(identity.<Caller>getAttribute(ATTRIBUTE));
    }
}
