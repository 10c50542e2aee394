package dev.tutelage.integration.container;

import dev.tutelage.integration.settings.Setting;
import dev.tutelage.integration.settings.SettingsSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** Environment variables that services read, by the interfaces that declare their settings. */
public final class DeclaredSettings {
    private static final Path PROJECT =
            Path.of(System.getProperty("tutelage.home", "..")).toAbsolutePath().normalize();

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
}
