package dev.tutelage.integration.container;

import dev.tutelage.integration.settings.Setting;
import dev.tutelage.integration.settings.SettingsSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Environment variables that services read, by the interfaces that declare their settings. */
public final class DeclaredSettings {
    private static final Path PROJECT =
            Path.of(System.getProperty("tutelage.home", "..")).toAbsolutePath().normalize();

    private static final Pattern KAFKA = Pattern.compile("`(KAFKA_[A-Z_]+)`");

    private DeclaredSettings() {}

    /** Their names: TUTELAGE_WORKER_EXIT_AFTER, for tutelage.worker.exit-after. */
    public static Set<String> variables() {
        Set<String> names = new TreeSet<>();
        try {
            SettingsSource.all(PROJECT)
                    .forEach(group ->
                            group.settings().stream().map(Setting::variable).forEach(names::add));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    /** Those of Kafka's clients that docs/configuration.md tells of. */
    public static Set<String> kafkaVariables() {
        try {
            return KAFKA.matcher(Files.readString(PROJECT.resolve("docs/configuration.md")))
                    .results()
                    .map(found -> found.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
