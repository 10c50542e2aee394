package dev.tutelage.gateway.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Settings of who may do what. */
@ConfigMapping(prefix = "tutelage.security")
public interface SecuritySettings {

    /** Who has keys: lines of {@code name role sha256}, read again when they change. */
    Optional<Path> keysFile();

    /** Whether everybody may do everything: for tests and closed networks alone. */
    @WithDefault("false")
    boolean open();

    /** How many keys and tokens that are not good an address may send in a minute, before it is told to wait. */
    @WithDefault("20")
    int failuresPerMinute();

    /** How many requests each key or subject may send, in the long run. */
    @WithDefault("500")
    int requestsPerSecond();

    /** How many of these at once, after a quiet time. */
    @WithDefault("5000")
    int burst();

    /** Which groups of a token have which role. */
    TokenRoles tokenRoles();

    /** Groups for each role; one of them is enough. */
    interface TokenRoles {
        /** Groups whose members are viewers. */
        @WithDefault("viewer")
        Set<String> viewer();

        /** Groups whose members are annotators. */
        @WithDefault("annotator")
        Set<String> annotator();

        /** Groups whose members are operators. */
        @WithDefault("operator")
        Set<String> operator();

        /** Groups whose members are admins. */
        @WithDefault("admin")
        Set<String> admin();
    }

    /** How long one is logged in to the console; then one logs in again. */
    @WithDefault("12h")
    Duration session();

    /**
     * At least 32 characters, from which all gateways of a system make the key of their sessions. Without it each process makes
     * its own, and its sessions end with it.
     */
    Optional<String> sessionSecret();
}
