package dev.tutelage.gateway.predict;

import dev.tutelage.learning.label.BatchedTeacher;
import dev.tutelage.learning.label.LoadedTeachers;
import dev.tutelage.platform.metric.Metric;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;

/** What can be watched of prediction; docs/metrics.md tells what each metric means. */
@Singleton
public class PredictMetrics {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5), Duration.ofMillis(10),
        Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(200),
        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5)
    };

    private static final double MEDIAN = 0.5;
    private static final double P99 = 0.99;

    private final MeterRegistry registry;
    private final int largestBatch;
    private final ConcurrentNavigableMap<String, Timer> quantiles = new ConcurrentSkipListMap<>();

    /**
     * How soon requests were answered.
     *
     * @param requests since the gateway started
     * @param median of the last minutes; zero if nobody asked in them
     * @param p99 of the last minutes, which one request in a hundred exceeds; zero if nobody asked in them
     */
    public record Latency(long requests, Duration median, Duration p99) {}

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
        quantiles.computeIfAbsent(task, this::quantiles).record(taken);
    }

    private Timer quantiles(String task) {
        // Prometheus has histograms or quantiles of a name, never both.
        return Metric.PREDICT_LATENCY_QUANTILES
                .timer()
                .publishPercentiles(MEDIAN, P99)
                .tag("task", task)
                .register(registry);
    }

    /** How soon requests were answered, by task. */
    public NavigableMap<String, Latency> latencies() {
        NavigableMap<String, Latency> latencies = new TreeMap<>();
        quantiles.forEach((task, timer) -> latencies.put(task, latency(timer.takeSnapshot())));
        return latencies;
    }

    private static Latency latency(HistogramSnapshot snapshot) {
        return new Latency(snapshot.count(), quantile(snapshot, MEDIAN), quantile(snapshot, P99));
    }

    private static Duration quantile(HistogramSnapshot snapshot, double rank) {
        for (ValueAtPercentile each : snapshot.percentileValues()) {
            if (each.percentile() == rank) {
                return Duration.ofNanos(Math.round(each.value(TimeUnit.NANOSECONDS)));
            }
        }
        return Duration.ZERO;
    }
}
