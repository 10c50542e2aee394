package dev.tutelage.platform.service;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Connects only the channels of the roles in {@code tutelage.roles}: a pod that is only a trigger must not join the
 * workers' consumer group, or its share of the requests would wait forever.
 */
public final class RoleChannels implements ConfigSourceFactory {
    private static final int ORDINAL = 275;
    /** Only services with a backlog name its topic. */
    private static final String BACKLOG = "mp.messaging.incoming.backlog.topic";

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        String roles = Optional.ofNullable(context.getValue("tutelage.roles"))
                .map(ConfigValue::getValue)
                .orElse("trigger,worker");
        List<String> names = Arrays.stream(roles.split(",")).map(String::strip).toList();
        Map<String, String> properties = Map.of(
                "mp.messaging.incoming.facts.enabled", Boolean.toString(names.contains("trigger")),
                "mp.messaging.incoming.requests.enabled", Boolean.toString(names.contains("worker")),
                "mp.messaging.incoming.backlog.enabled",
                        Boolean.toString(names.contains("worker") && isSet(context, BACKLOG)));
        return List.of(new PropertiesConfigSource(properties, "tutelage.roles", ORDINAL));
    }

    /** What is not set has a value, too, that holds nothing. */
    private static boolean isSet(ConfigSourceContext context, String name) {
        return Optional.ofNullable(context.getValue(name))
                .map(ConfigValue::getValue)
                .isPresent();
    }
}
