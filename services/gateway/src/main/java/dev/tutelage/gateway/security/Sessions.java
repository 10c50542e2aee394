package dev.tutelage.gateway.security;

import dev.tutelage.control.access.KeyHolder;
import io.quarkus.vertx.http.runtime.security.PersistentLoginManager;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Who is logged in to the console: a cookie, encrypted and authenticated (AES-GCM, by Quarkus), that holds the digest of the key
 * and when it ends. Nothing is kept here. With each request the digest is looked up among the keys, so a session ends at once when
 * its key is revoked, and it ends when its time is over, however much it was used.
 */
@ApplicationScoped
class Sessions {
    private static final String COOKIE = "tutelage_session";
    private static final int LEAST_SECRET = 32;

    private final PersistentLoginManager cookies;

    Sessions(SecuritySettings settings) {
        settings.sessionSecret().ifPresent(Sessions::require);
        long millis = settings.session().toMillis();
        this.cookies = new PersistentLoginManager(
                settings.sessionSecret().orElse(null),
                COOKIE,
                millis,
                millis,
                true,
                "STRICT",
                "/",
                settings.session().toSeconds(),
                null);
    }

    private static void require(String secret) {
        if (secret.length() < LEAST_SECRET) {
            throw new IllegalArgumentException("tutelage.security.session-secret has " + secret.length()
                    + " characters, and needs at least " + LEAST_SECRET + " that nobody can guess");
        }
    }

    /** Logs in: the answer brings the cookie. */
    void begin(KeyHolder holder, RoutingContext request) {
        cookies.save(
                holder.digest(),
                request,
                COOKIE,
                null,
                SameOrigin.scheme(request).equals("https"));
    }

    /** The digest of the key with which the sender of a request has logged in. */
    Optional<String> digest(RoutingContext request) {
        return Optional.ofNullable(cookies.restore(request)).map(PersistentLoginManager.RestoreResult::getPrincipal);
    }

    /** Logs out: the answer removes the cookie. */
    void end(RoutingContext request) {
        cookies.clear(request);
    }
}
