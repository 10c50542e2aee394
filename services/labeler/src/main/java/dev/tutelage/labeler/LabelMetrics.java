package dev.tutelage.labeler;

import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.learning.label.BatchedTeacher;
import dev.tutelage.learning.label.LoadedTeachers;
import dev.tutelage.platform.metric.Metric;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** What can be watched of a labeler; docs/metrics.md tells what each metric means. */
@Singleton
public class LabelMetrics implements BatchedTeacher.Observer {
    /** Digits of a teacher's digest that tell it from others. */
    private static final int PREFIX = 12;

    private final MeterRegistry registry;
    private final int largestBatch;
    private final ImageRate rate;
    private final AtomicInteger waiting = new AtomicInteger();
    private final DistributionSummary fill;
    private final Counter modelSeconds;

    @Inject
    public LabelMetrics(MeterRegistry registry, LabelerSettings settings) {
        this(registry, settings.largestBatch(), settings.costPerHour(), System::nanoTime);
    }

    /** @param nanos a clock such as {@link System#nanoTime} */
    LabelMetrics(MeterRegistry registry, int largestBatch, double costPerHour, LongSupplier nanos) {
        this.registry = registry;
        this.largestBatch = largestBatch;
        this.rate = new ImageRate(nanos);
        this.fill = Metric.LABELER_BATCH_FILL.summary().register(registry);
        this.modelSeconds = Metric.LABELER_MODEL.counter().register(registry);
        Metric.LABELER_IMAGES_WAITING.gauge(waiting, AtomicInteger::get).register(registry);
        Metric.LABELER_COST
                .gauge(rate, last -> costPerHour / last.perHour() * 1e6)
                .register(registry);
    }

    /** So that the metrics are there before the first request is. */
    void start(@Observes StartupEvent event) {}

    /** Shows how many models are loaded and how large their files are. */
    void watch(LoadedTeachers teachers) {
        Metric.LABELER_MODELS_LOADED.gauge(teachers, LoadedTeachers::count).register(registry);
        Metric.LABELER_MODELS_SIZE.gauge(teachers, LoadedTeachers::size).register(registry);
    }

    @Override
    public void labeled(int images, int stillWaiting, long nanos) {
        fill.record((double) images / largestBatch);
        modelSeconds.increment(nanos / 1e9);
        waiting.set(stillWaiting);
    }

    /** A shard is labeled, and its labels are stored. */
    SoftLabelsAdded stored(SoftLabelsAdded labels) {
        String teacher = labels.getTeacher();
        Tags tags =
                Tags.of("task", labels.getTask(), "teacher", teacher.substring(0, Math.min(PREFIX, teacher.length())));
        count(Metric.LABELER_IMAGES, tags, labels.getImages());
        count(Metric.LABELER_REJECTED, tags, labels.getRejected());
        count(Metric.LABELER_SOFT_LABELS, tags, (double) labels.getLogits().getSize());
        rate.add(labels.getImages());
        return labels;
    }

    private void count(Metric metric, Tags tags, double amount) {
        metric.counter().tags(tags).register(registry).increment(amount);
    }
}
