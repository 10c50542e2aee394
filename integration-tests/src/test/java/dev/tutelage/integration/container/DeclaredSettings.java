package dev.tutelage.integration.container;

import dev.tutelage.platform.service.ServiceSettings;
import io.smallrye.config.ConfigMapping;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Environment variables that services read, by the interfaces that declare their settings. */
public final class DeclaredSettings {
    private static final List<String> INTERFACES = List.of(
            ServiceSettings.class.getName(),
            "dev.tutelage.labeler.LabelerSettings",
            "dev.tutelage.gateway.api.ApiSettings",
            "dev.tutelage.gateway.queue.QueueSettings",
            "dev.tutelage.gateway.upload.UploadSettings",
            "dev.tutelage.gateway.predict.PredictSettings",
            "dev.tutelage.gateway.security.SecuritySettings",
            "dev.tutelage.gateway.console.ConsoleSettings");

    private DeclaredSettings() {}

    /** Their names: TUTELAGE_WORKER_EXIT_AFTER, for tutelage.worker.exit-after. */
    public static Set<String> variables() {
        Set<String> names = new TreeSet<>();
        for (String name : INTERFACES) {
            try {
                Class<?> settings = Class.forName(name);
                add(settings, settings.getAnnotation(ConfigMapping.class).prefix(), names);
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
        return names;
    }

    private static void add(Class<?> settings, String prefix, Set<String> names) {
        for (Method setting : settings.getMethods()) {
            String path = prefix + "." + setting.getName().replaceAll("([A-Z])", "-$1");
            if (setting.getReturnType().isInterface()
                    && setting.getReturnType().getName().startsWith("dev.tutelage.")) {
                add(setting.getReturnType(), path, names);
            } else {
                names.add(path.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"));
            }
        }
    }
}
