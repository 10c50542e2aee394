package dev.tutelage.labeler;

import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.learning.label.BatchedTeacher;
import dev.tutelage.learning.label.LoadedTeachers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
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
        this.fill = DistributionSummary.builder("tutelage.labeler.batch.fill")
                .description("Images of a batch over the largest batch, 0 to 1")
                .register(registry);
        this.modelSeconds = Counter.builder("tutelage.labeler.model")
                .baseUnit("seconds")
                .description("Time that the model took, wall clock")
                .register(registry);
        Gauge.builder("tutelage.labeler.images.waiting", waiting, AtomicInteger::get)
                .description("Images that are ready and in no batch yet, when the last batch ended")
                .register(registry);
        Gauge.builder("tutelage.labeler.cost.per.million.images", rate, last -> costPerHour / last.perHour() * 1e6)
                .description("tutelage.labeler.cost-per-hour over images an hour; infinite while there are none")
                .register(registry);
    }

    /** So that the metrics are there before the first request is. */
    void start(@Observes StartupEvent event) {}

    /** Shows how many models are loaded and how large their files are. */
    void watch(LoadedTeachers teachers) {
        Gauge.builder("tutelage.labeler.models.loaded", teachers, LoadedTeachers::count)
                .description("Models in memory")
                .register(registry);
        Gauge.builder("tutelage.labeler.models.size", teachers, LoadedTeachers::size)
                .baseUnit("bytes")
                .description("Size of the files of the models in memory")
                .register(registry);
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
        count("tutelage.labeler.images", "images", "Images that were labeled", tags, labels.getImages());
        count("tutelage.labeler.rejected", "images", "Images that were left out", tags, labels.getRejected());
        count("tutelage.labeler.soft.labels", "bytes", "Size of the files of soft labels", tags, (double)
                labels.getLogits().getSize());
        rate.add(labels.getImages());
        return labels;
    }

    private void count(String name, String unit, String description, Tags tags, double amount) {
        Counter.builder(name)
                .baseUnit(unit)
                .description(description)
                .tags(tags)
                .register(registry)
                .increment(amount);
    }
}
