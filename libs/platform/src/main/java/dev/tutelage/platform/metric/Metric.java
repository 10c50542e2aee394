package dev.tutelage.platform.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Every meter of our own. They are registered from here, and docs/metrics.md is made from it. */
public enum Metric {
    REQUESTS_IN_HAND(
            "tutelage.requests.in.hand",
            Kind.GAUGE,
            Unit.ONE,
            Source.WORKER,
            "queue",
            "Requests that are worked on now. Queue `requests`, or `backlog` where the service has one"),
    REQUESTS_ENDED(
            "tutelage.requests.ended",
            Kind.COUNTER,
            Unit.ONE,
            Source.WORKER,
            "queue ending",
            "Requests that were worked on to their end (`done`), or left for whoever gets the partition next (`left`)"),
    REQUESTS_OLDEST_AGE(
            "tutelage.requests.oldest.age",
            Kind.GAUGE,
            Unit.SECONDS,
            Source.WORKER,
            "queue",
            "Since the oldest request in hand was said; 0 without one. The lag in time"),
    REQUESTS_LAG(
            "tutelage.requests.lag",
            Kind.GAUGE,
            Unit.RECORDS,
            Source.WORKER,
            "queue",
            "Records of this worker's partitions that are not committed yet; measured every 5 s. Markers of transactions"
                    + " count, so it is a little too much, but it is 0 when all is read and nothing is in hand. The sum over"
                    + " a service's workers is its queue"),
    RUNS_OPEN(
            "tutelage.runs.open",
            Kind.GAUGE,
            Unit.ONE,
            Source.TRIGGER,
            "",
            "Runs of the service that were asked for and are not at their end, whether a worker has begun with them or not;"
                    + " no number until the facts were read. What autoscalers go by, for it is 0 when there is nothing to"
                    + " do, which the topic's lag is not: markers of transactions count there"),
    SNAPSHOT_AGE(
            "tutelage.worker.snapshot.age",
            Kind.GAUGE,
            Unit.SECONDS,
            Source.WORKER,
            "",
            "Since the run at hand was last saved, or has begun or gone on: what would have to be done again if the worker were"
                    + " killed; 0 without a run, and while a shard is labeled, which takes no snapshots. Of several runs the"
                    + " oldest"),
    PROCESS_CPU(
            "tutelage.process.cpu",
            Kind.COUNTER,
            Unit.SECONDS,
            Source.WORKER,
            "",
            "Time that the process has used the cores"),
    LABELER_IMAGES(
            "tutelage.labeler.images",
            Kind.COUNTER,
            Unit.IMAGES,
            Source.LABELER,
            "task teacher",
            "Images that were labeled and stored; the rate is images/s. The teacher is the first 12 digits of its digest"),
    LABELER_REJECTED(
            "tutelage.labeler.rejected",
            Kind.COUNTER,
            Unit.IMAGES,
            Source.LABELER,
            "task teacher",
            "Images that were left out as unusable"),
    LABELER_SOFT_LABELS(
            "tutelage.labeler.soft.labels",
            Kind.COUNTER,
            Unit.BYTES,
            Source.LABELER,
            "task teacher",
            "Size of the files of soft labels that were stored"),
    LABELER_BATCH_FILL(
            "tutelage.labeler.batch.fill",
            Kind.SUMMARY,
            Unit.ONE,
            Source.LABELER,
            "",
            "Images of a batch over `tutelage.labeler.largest-batch`, 0 to 1; the count is of batches, sum over count the mean"),
    LABELER_IMAGES_WAITING(
            "tutelage.labeler.images.waiting",
            Kind.GAUGE,
            Unit.ONE,
            Source.LABELER,
            "",
            "Images that were ready, and in no batch, when the last one ended: the depth of the model's queue"),
    LABELER_MODEL(
            "tutelage.labeler.model",
            Kind.COUNTER,
            Unit.SECONDS,
            Source.LABELER,
            "",
            "Time that the model took, by the clock on the wall: of the GPU, or of the CPU's threads together"),
    LABELER_MODELS_LOADED(
            "tutelage.labeler.models.loaded",
            Kind.GAUGE,
            Unit.ONE,
            Source.LABELER,
            "",
            "Models in memory; there once the first request is"),
    LABELER_MODELS_SIZE(
            "tutelage.labeler.models.size",
            Kind.GAUGE,
            Unit.BYTES,
            Source.LABELER,
            "",
            "Size of the files of the models in memory"),
    LABELER_COST(
            "tutelage.labeler.cost.per.million.images",
            Kind.GAUGE,
            Unit.ONE,
            Source.LABELER,
            "",
            "`tutelage.labeler.cost-per-hour` (0 by default; any currency) over the images an hour of the last five minutes,"
                    + " idle ones included, times a million; infinite while there are none, and no number without a price"),
    BUCKET_OBJECTS(
            "tutelage.bucket.objects",
            Kind.COUNTER,
            Unit.ONE,
            Source.GATEWAY,
            "outcome",
            "Objects of buckets that were told: `taken`, `refused`, `replaced`, `left-alone`"),
    RUNS(
            "tutelage.gateway.runs",
            Kind.GAUGE,
            Unit.ONE,
            Source.GATEWAY,
            "stage state",
            "Runs in a state: `requested`, `working` (a worker has begun with it), `succeeded`, `failed`, `cancelled`"),
    RUN_SILENCE(
            "tutelage.gateway.run.silence",
            Kind.GAUGE,
            Unit.SECONDS,
            Source.GATEWAY,
            "stage",
            "The longest time for which one of the runs that are working has said nothing; 0 without one"),
    DEAD_LETTERS(
            "tutelage.gateway.dead.letters",
            Kind.GAUGE,
            Unit.ONE,
            Source.GATEWAY,
            "service",
            "Dead letters on Kafka, by who said them, dealt with or not"),
    DEAD_LETTER_TIMESTAMP(
            "tutelage.gateway.dead.letter.timestamp",
            Kind.GAUGE,
            Unit.SECONDS,
            Source.GATEWAY,
            "service",
            "When the newest dead letter was said, since 1970; not there without one"),
    DRIFT_TIMESTAMP(
            "tutelage.gateway.drift.timestamp",
            Kind.GAUGE,
            Unit.SECONDS,
            Source.GATEWAY,
            "task",
            "When the stream was last found to have drifted, since 1970; not there if it never was"),
    REJECTIONS(
            "tutelage.gateway.rejections.in.a.row",
            Kind.GAUGE,
            Unit.ONE,
            Source.GATEWAY,
            "task role",
            "Candidates that the gate has rejected since the role was last given; not there before the first"),
    PREDICT_LATENCY(
            "tutelage.gateway.predict.latency",
            Kind.HISTOGRAM,
            Unit.SECONDS,
            Source.GATEWAY,
            "task",
            "From a request's whole body to its answer, images and tensors alike. p99: `histogram_quantile(0.99, sum by"
                    + " (task, le) (rate(tutelage_gateway_predict_latency_seconds_bucket[5m])))`"),
    PREDICT_LATENCY_QUANTILES(
            "tutelage.gateway.predict.latency.quantiles",
            Kind.QUANTILES,
            Unit.SECONDS,
            Source.GATEWAY,
            "task",
            "The same as a figure: p50 (`quantile=\"0.5\"`) and p99 (`\"0.99\"`) of this process's last two minutes or so."
                    + " They cannot be summed over gateways; the histogram can"),
    PREDICT_BATCH_FILL(
            "tutelage.gateway.predict.batch.fill",
            Kind.SUMMARY,
            Unit.ONE,
            Source.GATEWAY,
            "task",
            "Images of a batch over `tutelage.gateway.predict.largest-batch`, 0 to 1; the count is of batches, sum over"
                    + " count the mean"),
    PREDICT_MODELS_LOADED(
            "tutelage.gateway.predict.models.loaded", Kind.GAUGE, Unit.ONE, Source.GATEWAY, "", "Models in memory"),
    PREDICT_MODELS_SIZE(
            "tutelage.gateway.predict.models.size",
            Kind.GAUGE,
            Unit.BYTES,
            Source.GATEWAY,
            "",
            "Size of the files of the models in memory");

    private final String id;
    private final Kind kind;
    private final Unit unit;
    private final Source source;
    private final String tags;
    private final String meaning;

    /** What is made of a meter's values. */
    public enum Kind {
        COUNTER,
        GAUGE,
        /** Of values: their count, sum and maximum. */
        SUMMARY,
        /** Of times: counts by upper bound. */
        HISTOGRAM,
        /** Of times: what a part of them did not exceed. */
        QUANTILES
    }

    /** What one is of. Units but 1 are part of the name that Prometheus shows. */
    public enum Unit {
        ONE,
        SECONDS,
        BYTES,
        IMAGES,
        RECORDS
    }

    /** Who serves it. */
    public enum Source {
        WORKER,
        TRIGGER,
        LABELER,
        GATEWAY
    }

    /** @param tags names of its labels, with spaces between them */
    Metric(String id, Kind kind, Unit unit, Source source, String tags, String meaning) {
        this.id = id;
        this.kind = kind;
        this.unit = unit;
        this.source = source;
        this.tags = tags;
        this.meaning = meaning;
    }

    public Kind kind() {
        return kind;
    }

    public Unit unit() {
        return unit;
    }

    public Source source() {
        return source;
    }

    /** Names of its labels. */
    public List<String> tags() {
        return tags.isEmpty() ? List.of() : List.of(tags.split(" ", -1));
    }

    /** A sentence or two for people. */
    public String meaning() {
        return meaning;
    }

    /** Its name as Micrometer has it. */
    public String id() {
        return id;
    }

    /** Its name as Prometheus shows it. */
    public String shown() {
        String name = id.replace('.', '_');
        String withUnit = unit == Unit.ONE || name.endsWith("_" + baseUnit()) ? name : name + "_" + baseUnit();
        return kind == Kind.COUNTER ? withUnit + "_total" : withUnit;
    }

    /** Whether Prometheus shows a gauge beside it, {@code ..._max}, with the largest value of the last minutes. */
    public boolean hasMaximum() {
        return kind == Kind.SUMMARY || kind == Kind.HISTOGRAM || kind == Kind.QUANTILES;
    }

    /** The names of its series in Prometheus. */
    public List<String> series() {
        return switch (kind) {
            case COUNTER, GAUGE -> List.of(shown());
            case SUMMARY -> List.of(shown() + "_count", shown() + "_sum", shown() + "_max");
            case HISTOGRAM -> List.of(shown() + "_bucket", shown() + "_count", shown() + "_sum", shown() + "_max");
            case QUANTILES -> List.of(shown(), shown() + "_count", shown() + "_sum", shown() + "_max");
        };
    }

    /** A gauge of what a function says of an object, which must not be collected meanwhile. */
    public <T> Gauge.Builder<T> gauge(T of, ToDoubleFunction<T> value) {
        Gauge.Builder<T> builder = Gauge.builder(id, of, value).description(meaning);
        return unit == Unit.ONE ? builder : builder.baseUnit(baseUnit());
    }

    /** A gauge. */
    public Gauge.Builder<Supplier<Number>> gauge(Supplier<Number> value) {
        Gauge.Builder<Supplier<Number>> builder = Gauge.builder(id, value).description(meaning);
        return unit == Unit.ONE ? builder : builder.baseUnit(baseUnit());
    }

    /** A counter. */
    public Counter.Builder counter() {
        Counter.Builder builder = Counter.builder(id).description(meaning);
        return unit == Unit.ONE ? builder : builder.baseUnit(baseUnit());
    }

    /** A counter that something else keeps. */
    public <T> FunctionCounter.Builder<T> counter(T of, ToDoubleFunction<T> value) {
        FunctionCounter.Builder<T> builder =
                FunctionCounter.builder(id, of, value).description(meaning);
        return unit == Unit.ONE ? builder : builder.baseUnit(baseUnit());
    }

    /** A summary of values. */
    public DistributionSummary.Builder summary() {
        DistributionSummary.Builder builder = DistributionSummary.builder(id).description(meaning);
        return unit == Unit.ONE ? builder : builder.baseUnit(baseUnit());
    }

    /** A summary of times. */
    public Timer.Builder timer() {
        return Timer.builder(id).description(meaning);
    }

    /** Micrometer's word for it: nothing where it is of no unit. */
    public String baseUnit() {
        return unit == Unit.ONE ? "" : word(unit);
    }

    /** The word for a unit, a kind or a source. */
    public static String word(Enum<?> of) {
        return of.name().toLowerCase(Locale.ROOT);
    }
}
