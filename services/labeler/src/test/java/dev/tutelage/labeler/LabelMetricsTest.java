package dev.tutelage.labeler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.SoftLabelsAdded;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LabelMetricsTest {
    private static final SoftLabelsAdded LABELS = SoftLabelsAdded.newBuilder()
            .setTask("birds")
            .setTeacher("0123456789abcdef")
            .setImages(1000)
            .setRejected(3)
            .setLogits(Artifact.newBuilder().setSize(40_000))
            .build();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private long nanos;
    private final LabelMetrics metrics = new LabelMetrics(registry, 256, 3.6, () -> nanos);

    @Test
    void batchesAreToldByHowFullTheyAre() {
        metrics.labeled(256, 64, 1_500_000_000);
        metrics.labeled(64, 7, 500_000_000);
        DistributionSummary fill = registry.get("tutelage.labeler.batch.fill").summary();
        assertThat(fill.count()).isEqualTo(2);
        assertThat(fill.mean()).isEqualTo(0.625);
        assertThat(registry.get("tutelage.labeler.model").counter().count()).isEqualTo(2);
        assertThat(gauge("tutelage.labeler.images.waiting")).isEqualTo(7);
    }

    @Test
    void whatIsStoredIsCountedByTaskAndTeacher() {
        metrics.stored(LABELS);
        metrics.stored(LABELS);
        assertThat(counter("tutelage.labeler.images")).isEqualTo(2000);
        assertThat(counter("tutelage.labeler.rejected")).isEqualTo(6);
        assertThat(counter("tutelage.labeler.soft.labels")).isEqualTo(80_000);
    }

    /** At 3.6 an hour, 1,000 images in 100 seconds cost 0.1; that is 100 for a million. */
    @Test
    void aMillionImagesCostWhatTheHoursCostInWhichTheyAreLabeled() {
        assertThat(gauge("tutelage.labeler.cost.per.million.images")).isInfinite();
        metrics.stored(LABELS);
        nanos += Duration.ofSeconds(100).toNanos();
        assertThat(gauge("tutelage.labeler.cost.per.million.images")).isCloseTo(100, within(1e-9));
        nanos += Duration.ofSeconds(201).toNanos();
        assertThat(gauge("tutelage.labeler.cost.per.million.images"))
                .as("after five minutes, in the last of which nothing was to be done")
                .isInfinite();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private double counter(String name) {
        return registry.get(name)
                .tags("task", "birds", "teacher", "0123456789ab")
                .counter()
                .count();
    }
}
