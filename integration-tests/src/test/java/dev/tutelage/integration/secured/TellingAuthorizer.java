package dev.tutelage.integration.secured;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/** Kafka's own authorizer, which also writes what it refuses, and to whom, into a file. */
public final class TellingAuthorizer extends StandardAuthorizer {
    static final String FILE = "tutelage.refused.file";

    private volatile Path file;

    @Override
    public void configure(Map<String, ?> configs) {
        super.configure(configs);
        file = Path.of(configs.get(FILE).toString());
    }

    @Override
    public List<AuthorizationResult> authorize(AuthorizableRequestContext context, List<Action> actions) {
        List<AuthorizationResult> results = super.authorize(context, actions);
        for (int i = 0; i < actions.size(); i++) {
            // What is only filtered, as a list of topics is, is not an attempt.
            if (results.get(i) == AuthorizationResult.DENIED && actions.get(i).logIfDenied()) {
                tell(context, actions.get(i));
            }
        }
        return results;
    }

    private synchronized void tell(AuthorizableRequestContext context, Action action) {
        try {
            Files.writeString(
                    file,
                    context.principal() + " " + action.operation() + " "
                            + action.resourcePattern().resourceType() + " "
                            + action.resourcePattern().name() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
