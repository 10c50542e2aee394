package dev.tutelage.platform.service;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.eclipse.microprofile.config.Config;

/** Puts a {@link PollWatch} into the consumers of requests. */
@ApplicationScoped
public class WatchedConsumers implements ClientCustomizer<Map<String, Object>> {
    private final RequestPartitions partitions;

    public WatchedConsumers(@Identifier("requests") RequestPartitions partitions) {
        this.partitions = partitions;
    }

    @Override
    public Map<String, Object> customize(String channel, Config channelConfig, Map<String, Object> settings) {
        if (Arrays.stream(RequestMetrics.Queue.values())
                .noneMatch(queue -> queue.channel().equals(channel))) {
            return settings;
        }
        Map<String, Object> watched = new HashMap<>(settings);
        watched.put(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, List.of(PollWatch.class));
        watched.put(PollWatch.PARTITIONS, partitions);
        return watched;
    }
}
