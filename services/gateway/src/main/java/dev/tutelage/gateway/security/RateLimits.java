package dev.tutelage.gateway.security;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How often somebody may ask, and how often an address may send what is no key. Token buckets: who was quiet may ask many times at
 * once. Each gateway counts for itself.
 */
@ApplicationScoped
class RateLimits {
    private final Buckets failures;
    private final Buckets requests;

    @Inject
    RateLimits(SecuritySettings settings) {
        this(settings.failuresPerMinute(), settings.requestsPerSecond(), settings.burst(), TimeMeter.SYSTEM_NANOTIME);
    }

    RateLimits(int failuresPerMinute, int requestsPerSecond, int burst, TimeMeter clock) {
        this.failures = new Buckets(() -> Bucket.builder()
                .addLimit(limit ->
                        limit.capacity(failuresPerMinute).refillGreedy(failuresPerMinute, Duration.ofMinutes(1)))
                .withCustomTimePrecision(clock)
                .build());
        this.requests = new Buckets(() -> Bucket.builder()
                .addLimit(limit -> limit.capacity(burst).refillGreedy(requestsPerSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build());
    }

    /**
     * Counts a request.
     *
     * @return how long to wait before the next one, if it is one too many
     */
    Optional<Duration> request(String caller) {
        return requests.take(caller);
    }

    /**
     * Counts a credential that was good for nothing.
     *
     * @param address that it came from
     * @return how long to wait before the next one, if it is one too many
     */
    Optional<Duration> failure(String address) {
        return failures.take(address);
    }

    /** Where a request comes from, as a proxy tells it if Quarkus is told to believe that. */
    static String address(RoutingContext request) {
        return Optional.ofNullable(request.request().remoteAddress())
                .map(SocketAddress::hostAddress)
                .orElse("");
    }

    /** A bucket for each of those that were heard of last. */
    private static final class Buckets {
        private static final int MOST = 10_000;

        private final Supplier<Bucket> full;
        private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

        Buckets(Supplier<Bucket> full) {
            this.full = full;
        }

        Optional<Duration> take(String whose) {
            ConsumptionProbe probe = of(whose).tryConsumeAndReturnRemaining(1);
            return probe.isConsumed()
                    ? Optional.empty()
                    : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
        }

        private synchronized Bucket of(String whose) {
            Bucket bucket = buckets.computeIfAbsent(whose, none -> full.get());
            if (buckets.size() > MOST) {
                buckets.remove(buckets.keySet().iterator().next());
            }
            return bucket;
        }
    }
}
