package dev.tutelage.platform.service;

import dev.tutelage.platform.metric.Metric;
import dev.tutelage.platform.run.RunProtocol;
import dev.tutelage.platform.run.SnapshotAges;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What can be watched of a worker's requests and of its process; docs/metrics.md tells what each metric means. */
@Singleton
public class RequestMetrics {
    private static final String QUEUE = "queue";

    private final MeterRegistry registry;
    private final Clock clock;
    private final Map<Queue, Set<InHand>> inHand = new ConcurrentHashMap<>();
    private final SnapshotAges snapshots;
    private final Map<Queue, Double> lags = new ConcurrentHashMap<>();

    /** Where requests come from: a channel of the configuration. */
    enum Queue {
        REQUESTS,
        BACKLOG;

        String channel() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A request that is worked on. Each is another one, even if both were said at the same time. */
    final class InHand {
        private final Queue queue;
        private final long said;

        private InHand(Queue queue, long said) {
            this.queue = queue;
            this.said = said;
        }

        /** It is no longer worked on. */
        void end(RunProtocol.Ending ending) {
            of(queue).remove(this);
            Metric.REQUESTS_ENDED
                    .counter()
                    .tags(QUEUE, queue.channel(), "ending", ending.name().toLowerCase(Locale.ROOT))
                    .register(registry)
                    .increment();
        }
    }

    @Inject
    public RequestMetrics(MeterRegistry registry) {
        this(registry, Clock.systemUTC());
    }

    RequestMetrics(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        this.snapshots = new SnapshotAges(clock);
        for (Queue queue : Queue.values()) {
            Metric.REQUESTS_IN_HAND
                    .gauge(() -> of(queue).size())
                    .tags(QUEUE, queue.channel())
                    .register(registry);
            Metric.REQUESTS_OLDEST_AGE
                    .gauge(() -> oldestAge(queue))
                    .tags(QUEUE, queue.channel())
                    .register(registry);
            Metric.REQUESTS_LAG
                    .gauge(() -> lags.getOrDefault(queue, 0.0))
                    .tags(QUEUE, queue.channel())
                    .register(registry);
        }
        Metric.SNAPSHOT_AGE.gauge(snapshots, SnapshotAges::oldest).register(registry);
        Metric.PROCESS_CPU.counter(this, unused -> cpuSeconds()).register(registry);
    }

    /**
     * A request is worked on from now on.
     *
     * @param said when, in milliseconds since 1970
     */
    InHand take(Queue queue, long said) {
        InHand taken = new InHand(queue, said);
        of(queue).add(taken);
        return taken;
    }

    int inHand(Queue queue) {
        return of(queue).size();
    }

    /** Is to be told of the snapshots of the runs at hand. */
    SnapshotAges snapshots() {
        return snapshots;
    }

    void lag(Queue queue, double records) {
        lags.put(queue, records);
    }

    private Set<InHand> of(Queue queue) {
        return inHand.computeIfAbsent(queue, none -> ConcurrentHashMap.newKeySet());
    }

    private double oldestAge(Queue queue) {
        long now = clock.millis();
        long oldest = of(queue).stream().mapToLong(each -> each.said).min().orElse(now);
        return Math.max(0, now - oldest) / 1e3;
    }

    private static double cpuSeconds() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(used -> used.toNanos() / (double) TimeUnit.SECONDS.toNanos(1))
                .orElse(Double.NaN);
    }
}
