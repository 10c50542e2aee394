package dev.tutelage.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final RateLimits limits = new RateLimits(3, 10, 20, new TimeMeter() {
        @Override
        public long currentTimeNanos() {
            return nanos.get();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    });

    private long granted(String caller, int asked) {
        return IntStream.range(0, asked)
                .filter(i -> limits.request(caller).isEmpty())
                .count();
    }

    @Test
    void whoWasQuietMayAskManyTimesAtOnceAndThenAtTheRate() {
        assertThat(granted("a", 100)).isEqualTo(20);
        assertThat(limits.request("a")).contains(Duration.ofMillis(100));
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(granted("a", 100)).isEqualTo(10);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(granted("a", 100)).isEqualTo(20);
    }

    @Test
    void nobodyWaitsForAnother() {
        assertThat(granted("a", 100)).isEqualTo(20);
        assertThat(granted("b", 100)).isEqualTo(20);
        assertThat(limits.failure("a")).isEmpty();
    }

    @Test
    void anAddressMayFailSoOftenInAMinute() {
        for (int i = 0; i < 3; i++) {
            assertThat(limits.failure("10.0.0.1")).isEmpty();
        }
        assertThat(limits.failure("10.0.0.1")).contains(Duration.ofSeconds(20));
        assertThat(limits.failure("10.0.0.2")).isEmpty();
    }

    @Test
    void thoseThatWereNotHeardOfForLongAreForgotten() {
        assertThat(granted("a", 100)).isEqualTo(20);
        IntStream.range(0, 10_000).forEach(i -> granted("caller " + i, 1));
        assertThat(granted("a", 100)).isEqualTo(20);
    }
}
