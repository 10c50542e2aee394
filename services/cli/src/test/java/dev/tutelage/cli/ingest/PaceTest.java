package dev.tutelage.cli.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final AtomicLong now = new AtomicLong(5);

    @Test
    void imagesComeEvenly() {
        Pace pace = new Pace(OptionalDouble.of(10), now::get);
        assertThat(pace.untilNext()).isZero();
        for (int image = 1; image <= 100; image++) {
            pace.took();
            assertThat(pace.untilNext()).isEqualTo(Duration.ofMillis(100));
            now.addAndGet(pace.untilNext().toNanos());
        }
    }

    @Test
    void whatPausesOvershootIsMadeUpForAndASilenceIsNot() {
        Pace pace = new Pace(OptionalDouble.of(1000), now::get);
        long start = now.get();
        for (int image = 0; image < 1000; image++) {
            now.addAndGet(pace.untilNext().toNanos() + 200_000);
            pace.took();
        }
        assertThat(Duration.ofNanos(now.get() - start)).isBetween(Duration.ofMillis(998), Duration.ofMillis(1002));

        now.addAndGet(Duration.ofHours(1).toNanos());
        int atOnce = 0;
        while (pace.untilNext().isZero()) {
            pace.took();
            atOnce++;
        }
        assertThat(atOnce).isBetween(100, 102);
    }

    @Test
    void withoutARateNothingWaits() {
        Pace pace = new Pace(OptionalDouble.empty(), now::get);
        pace.took();
        pace.took();
        assertThat(pace.untilNext()).isZero();
    }
}
