package dev.tutelage.integration.settings;

import java.util.Locale;
import java.util.Optional;

/**
 * A setting as the sources declare it.
 *
 * @param key as it stands in a file of properties: {@code tutelage.worker.exit-after}
 * @param type in words
 * @param initial its default; none where it may be left out
 * @param bounds those that are checked when the service starts; empty if its type is all there is
 * @param meaning its Javadoc, in Markdown
 */
public record Setting(String key, String type, Optional<String> initial, String bounds, String meaning) {

    /** The environment variable that sets it: TUTELAGE_WORKER_EXIT_AFTER. */
    public String variable() {
        return variable(key);
    }

    /** The environment variable that sets a key, by MicroProfile Config's rules. */
    static String variable(String key) {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }
}
