package dev.tutelage.platform.service;

import dev.tutelage.platform.run.RunProtocol;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
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
            Counter.builder("tutelage.requests.ended")
                    .description("Requests that were worked on to their end or left for another worker")
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
        for (Queue queue : Queue.values()) {
            Gauge.builder("tutelage.requests.in.hand", () -> of(queue).size())
                    .description("Requests that are worked on")
                    .tags(QUEUE, queue.channel())
                    .register(registry);
            Gauge.builder("tutelage.requests.oldest.age", () -> oldestAge(queue))
                    .baseUnit("seconds")
                    .description("Since the oldest request that is worked on was said; 0 without one")
                    .tags(QUEUE, queue.channel())
                    .register(registry);
            Gauge.builder("tutelage.requests.lag", () -> lags.getOrDefault(queue, 0.0))
                    .baseUnit("records")
                    .description("Records of this worker's partitions that are not committed yet")
                    .tags(QUEUE, queue.channel())
                    .register(registry);
        }
        FunctionCounter.builder("tutelage.process.cpu", this, unused -> cpuSeconds())
                .baseUnit("seconds")
                .description("Time that this process has used the cores")
                .register(registry);
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
