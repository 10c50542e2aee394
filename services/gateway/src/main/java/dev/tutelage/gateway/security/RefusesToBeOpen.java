package dev.tutelage.gateway.security;

import dev.tutelage.control.access.InvalidKeyFileException;
import dev.tutelage.control.access.KeyFile;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets no gateway start that everybody could use by mistake, or nobody. */
@ApplicationScoped
class RefusesToBeOpen {
    private static final Logger LOG = LoggerFactory.getLogger(RefusesToBeOpen.class);

    private final SecuritySettings settings;
    private final TokenAuthentication tokens;
    private final Optional<List<String>> audience;

    RefusesToBeOpen(
            SecuritySettings settings,
            TokenAuthentication tokens,
            @ConfigProperty(name = "quarkus.oidc.token.audience") Optional<List<String>> audience) {
        this.settings = settings;
        this.tokens = tokens;
        this.audience = audience;
    }

    void check(@Observes StartupEvent event) {
        if (tokens.isEnabled() && audience.isEmpty()) {
            throw new IllegalStateException(
                    "quarkus.oidc.token.audience is not set: without it, tokens that were issued for"
                            + " other services would open this one. Set it to the audience that the issuer writes for this gateway");
        }
        if (settings.open()) {
            LOG.warn("Everybody who reaches this gateway may do everything (tutelage.security.open=true)");
        } else if (settings.keysFile().isPresent()) {
            require(settings.keysFile().get());
        } else if (!tokens.isEnabled()) {
            throw new IllegalStateException(
                    "The gateway does not know who may use it. Make a key with tutelage keys create"
                            + " --file FILE and set tutelage.security.keys-file=FILE; docs/security.md tells more. Only for tests"
                            + " and closed networks: tutelage.security.open=true lets everybody do everything");
        }
    }

    private static void require(Path file) {
        if (!Files.exists(file)) {
            throw new IllegalStateException("There is no keys file " + file
                    + " (tutelage.security.keys-file). tutelage keys create --file " + file + " makes one");
        }
        try {
            if (new KeyFile(file).holders().isEmpty()) {
                LOG.warn("Keys file {} has no keys: nobody can use this gateway until it has", file);
            }
        } catch (InvalidKeyFileException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
