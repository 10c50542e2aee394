package dev.tutelage.gateway.predict;

import dev.tutelage.learning.label.BatchedTeacher;
import dev.tutelage.learning.label.LoadedTeachers;
import dev.tutelage.platform.metric.Metric;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;

/** What can be watched of prediction; docs/metrics.md tells what each metric means. */
@Singleton
public class PredictMetrics {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5), Duration.ofMillis(10),
        Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(200),
        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5)
    };

    private final MeterRegistry registry;
    private final int largestBatch;

    public PredictMetrics(MeterRegistry registry, PredictSettings settings) {
        this.registry = registry;
        this.largestBatch = settings.largestBatch();
    }

    /** Shows how many models are loaded and how large their files are. */
    void watch(LoadedTeachers models) {
        Metric.PREDICT_MODELS_LOADED.gauge(models, LoadedTeachers::count).register(registry);
        Metric.PREDICT_MODELS_SIZE.gauge(models, LoadedTeachers::size).register(registry);
    }

    /** Is to be told of each batch of a task. */
    BatchedTeacher.Observer batches(String task) {
        DistributionSummary fill =
                Metric.PREDICT_BATCH_FILL.summary().tag("task", task).register(registry);
        return (images, waiting, nanos) -> fill.record((double) images / largestBatch);
    }

    /** A request was answered, from its whole body to its answer. */
    public void answered(String task, Duration taken) {
        Metric.PREDICT_LATENCY
                .timer()
                .serviceLevelObjectives(BUCKETS)
                .tag("task", task)
                .register(registry)
                .record(taken);
        // Prometheus has histograms or quantiles of a name, never both.
        Metric.PREDICT_LATENCY_QUANTILES
                .timer()
                .publishPercentiles(0.5, 0.99)
                .tag("task", task)
                .register(registry)
                .record(taken);
    }
}
