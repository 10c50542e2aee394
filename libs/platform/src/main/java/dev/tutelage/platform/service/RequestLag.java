package dev.tutelage.platform.service;

import dev.tutelage.platform.service.RequestMetrics.Queue;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures from time to time how far the worker is behind: what its partitions hold beyond the offsets that are committed.
 *
 * <p>Offsets are also taken by the markers of transactions, so it is a little too much, but 0 when all is read and nothing
 * is in hand.
 */
@ApplicationScoped
public class RequestLag {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLag.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long EVERY_SECONDS = 5;

    private final ServiceSettings settings;
    private final KafkaClientService kafka;
    private final RequestMetrics metrics;
    private final ScheduledExecutorService measuring =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "lag"));

    public RequestLag(ServiceSettings settings, KafkaClientService kafka, RequestMetrics metrics) {
        this.settings = settings;
        this.kafka = kafka;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        if (settings.roles().contains(ServiceRole.WORKER)) {
            // Never completes, and measure() throws nothing.
            ScheduledFuture<?> unused =
                    measuring.scheduleWithFixedDelay(this::measure, 1, EVERY_SECONDS, TimeUnit.SECONDS);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        measuring.shutdownNow();
    }

    private void measure() {
        for (Queue queue : Queue.values()) {
            try {
                Optional.<KafkaConsumer<?, ?>>ofNullable(kafka.getConsumer(queue.channel()))
                        .ifPresent(consumer -> metrics.lag(queue, lag(queue, consumer)));
            } catch (RuntimeException e) {
                // The last value stays: whoever watches sees that the broker is away by other signs.
                LOG.debug("Kafka does not tell how far behind the worker is", e);
            }
        }
    }

    private double lag(Queue queue, KafkaConsumer<?, ?> consumer) {
        return consumer.runOnPollingThread(polling -> {
                    return lag((Consumer<?, ?>) polling, metrics.inHand(queue) == 0);
                })
                .await()
                .atMost(PATIENCE.multipliedBy(3));
    }

    private static double lag(Consumer<?, ?> consumer, boolean idle) {
        Set<TopicPartition> held = consumer.assignment();
        Map<TopicPartition, Long> ends = consumer.endOffsets(held, PATIENCE);
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(held, PATIENCE);
        long behind = 0;
        for (TopicPartition partition : held) {
            long end = ends.getOrDefault(partition, 0L);
            boolean read = idle && consumer.position(partition, PATIENCE) >= end;
            long done = Optional.ofNullable(committed.get(partition))
                    .map(OffsetAndMetadata::offset)
                    .orElse(0L);
            behind += read ? 0 : Math.max(0, end - done);
        }
        return behind;
    }
}
