package dev.tutelage.platform.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.platform.run.RunProtocol;
import dev.tutelage.platform.service.RequestMetrics.Queue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RequestMetricsTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RequestMetrics metrics = new RequestMetrics(registry, Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void requestsInHandAndTheAgeOfTheOldestAreThoseOfTheirQueue() {
        RequestMetrics.InHand old =
                metrics.take(Queue.REQUESTS, NOW.minusSeconds(90).toEpochMilli());
        metrics.take(Queue.REQUESTS, NOW.minusSeconds(5).toEpochMilli());
        assertThat(gauge("tutelage.requests.in.hand", "requests")).isEqualTo(2);
        assertThat(gauge("tutelage.requests.oldest.age", "requests")).isEqualTo(90);
        assertThat(gauge("tutelage.requests.in.hand", "backlog")).isZero();
        assertThat(gauge("tutelage.requests.oldest.age", "backlog")).isZero();

        old.end(RunProtocol.Ending.DONE);
        assertThat(gauge("tutelage.requests.in.hand", "requests")).isEqualTo(1);
        assertThat(gauge("tutelage.requests.oldest.age", "requests")).isEqualTo(5);
        assertThat(registry.get("tutelage.requests.ended")
                        .tags("queue", "requests", "ending", "done")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void theLagIsWhatWasMeasuredLast() {
        assertThat(gauge("tutelage.requests.lag", "backlog")).isZero();
        metrics.lag(Queue.BACKLOG, 12);
        assertThat(gauge("tutelage.requests.lag", "backlog")).isEqualTo(12);
        assertThat(gauge("tutelage.requests.lag", "requests")).isZero();
    }

    @Test
    void theProcessUsesTheCores() {
        assertThat(registry.get("tutelage.process.cpu").functionCounter().count())
                .isPositive();
    }

    private double gauge(String name, String queue) {
        return registry.get(name).tag("queue", queue).gauge().value();
    }
}
