package dev.tutelage.gateway.bucket;

import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.RejectionKind;
import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.gateway.upload.Reception;
import dev.tutelage.gateway.upload.ReusedKeyException;
import dev.tutelage.gateway.upload.UploadAnswer;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.DeadLetters;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import dev.tutelage.platform.metric.Metric;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes new objects of the tasks' buckets as uploads.
 *
 * <p><b>Delivery guarantee.</b> A record is acknowledged when the images of its objects are in shards that are said, or a dead
 * letter says why not; until then it comes again. An object is uploaded under a key made of its name and ETag, so that one
 * that is told twice is in once ({@code UploadTurn}).
 */
@ApplicationScoped
class BucketSources {
    private static final Logger LOG = LoggerFactory.getLogger(BucketSources.class);
    private static final String SERVICE = "gateway";
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int TOLD = 100;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int SERVER_ERROR = 500;

    private final Facts facts;
    private final Buckets buckets;
    private final Reception reception;
    private final FactLog log;
    private final MeterRegistry metrics;
    private final Tracer tracer;
    private final CountDownLatch ending = new CountDownLatch(1);

    BucketSources(
            Facts facts, Buckets buckets, Reception reception, FactLog log, MeterRegistry metrics, Tracer tracer) {
        this.facts = facts;
        this.buckets = buckets;
        this.reception = reception;
        this.log = log;
        this.metrics = metrics;
        this.tracer = tracer;
    }

    /** Something that may go well later. */
    private interface Attempt {
        void run() throws IOException, NotPublishedException, InterruptedException;
    }

    void stop(@Observes ShutdownEvent event) {
        ending.countDown();
    }

    /** In a span that begins a trace: S3 services tell of none. */
    @SuppressWarnings("try") // The scope is there to be closed.
    @Incoming("bucket-events")
    @Blocking(value = "bucket-events", ordered = false)
    void take(ConsumerRecord<String, byte[]> kafkaRecord) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (!facts.isCaughtUp()) {
            // Which tasks there are is not known yet.
            rest(pause);
        }
        Span span = tracer.spanBuilder("take objects")
                .setParent(Context.root())
                .setSpanKind(SpanKind.CONSUMER)
                .startSpan();
        try (Scope scope = span.makeCurrent()) {
            takeAll(kafkaRecord);
        } finally {
            span.end();
        }
    }

    private void takeAll(ConsumerRecord<String, byte[]> kafkaRecord) throws InterruptedException {
        List<DeadLettered> letters = new ArrayList<>();
        try {
            for (BucketEvent event : BucketEvent.read(valueOf(kafkaRecord))) {
                take(event, kafkaRecord, letters);
            }
        } catch (MalformedEventException e) {
            letters.add(DeadLetters.of(kafkaRecord, SERVICE, "This is no notification of a bucket: " + e.getMessage())
                    .build());
        }
        if (!letters.isEmpty()) {
            persist("Dead letters about " + kafkaRecord.key(), () -> log.publish(letters));
        }
    }

    private static byte[] valueOf(ConsumerRecord<String, byte[]> kafkaRecord) throws MalformedEventException {
        if (kafkaRecord.value() == null) {
            throw new MalformedEventException("it is empty");
        }
        return kafkaRecord.value();
    }

    private void take(BucketEvent event, ConsumerRecord<String, byte[]> kafkaRecord, List<DeadLettered> letters)
            throws InterruptedException {
        List<TakenObject> objects = facts.read(ledger -> TakenObject.of(
                event, ledger.tasks().stream().map(TaskLedger::declaration).toList()));
        if (objects.isEmpty()) {
            count("left-alone");
        }
        for (TakenObject object : objects) {
            persist(event.address(), () -> {
                try {
                    Optional<UploadAnswer> answer = upload(object);
                    count(answer.isPresent() ? "taken" : "replaced");
                    answer.filter(taken -> taken.refused() > 0)
                            .ifPresent(taken ->
                                    letters.add(letter(object, kafkaRecord, leftOut(object, taken), taken.problems())));
                } catch (RefusedObjectException e) {
                    count("refused");
                    letters.add(letter(object, kafkaRecord, e.getMessage(), e.problems()));
                }
            });
        }
    }

    /** Does what must be done, however long it takes; only the end of the process ends it before. */
    private void persist(String what, Attempt attempt) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                attempt.run();
                return;
            } catch (IOException | NotPublishedException e) {
                LOG.warn("{} must wait for {} s: {}", what, pause.toMillis() / 1e3, e.toString());
                rest(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private void rest(Duration pause) throws InterruptedException {
        if (ending.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("The gateway ends; the record comes again");
        }
    }

    /** Empty if the object is another one by now. */
    private Optional<UploadAnswer> upload(TakenObject object)
            throws IOException, RefusedObjectException, InterruptedException {
        Optional<InputStream> found = buckets.open(object.event());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream bytes = found.get()) {
            return Optional.of(reception
                    .receive(
                            object.task(),
                            object.source(),
                            object.label(),
                            object.uploadKey(),
                            object.mediaType(),
                            bytes)
                    .toCompletableFuture()
                    .get());
        } catch (HttpProblem e) {
            if (e.getStatusCode() >= SERVER_ERROR || e.getStatusCode() == REQUEST_TIMEOUT) {
                throw new IOException(e.getDetail());
            }
            throw new RefusedObjectException(object.event().address() + " is not taken: " + e.getDetail(), problems(e));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ReusedKeyException) {
                throw new RefusedObjectException(
                        object.event().address() + " was taken before, with another split or other labels");
            }
            throw new IOException(e.getCause());
        }
    }

    private static List<UploadAnswer.Problem> problems(HttpProblem refused) {
        return refused.getParameters().get("problems") instanceof List<?> all
                ? all.stream()
                        .filter(UploadAnswer.Problem.class::isInstance)
                        .map(UploadAnswer.Problem.class::cast)
                        .toList()
                : List.of();
    }

    private static String leftOut(TakenObject object, UploadAnswer answer) {
        return answer.refused() + " of " + (answer.accepted() + answer.refused()) + " images of "
                + object.event().address()
                + " cannot be used; the others are in. Repair them and put them into the bucket under other names";
    }

    private static DeadLettered letter(
            TakenObject object,
            ConsumerRecord<String, byte[]> kafkaRecord,
            String reason,
            List<UploadAnswer.Problem> problems) {
        DeadLettered.Builder letter = DeadLetters.of(kafkaRecord, SERVICE, reason)
                .setTask(object.task().getTask());
        problems.stream()
                .limit(TOLD)
                .forEach(problem -> letter.addRejected(RejectedItem.newBuilder()
                        .setImage(problem.name())
                        .setReason(problem.detail())
                        .setKind(kind(problem.kind()))));
        return letter.build();
    }

    private static RejectionKind kind(String name) {
        return Optional.ofNullable(RejectionKind.getDescriptor().findValueByName("REJECTION_KIND_" + name))
                .map(RejectionKind::valueOf)
                .orElse(RejectionKind.REJECTION_KIND_UNSPECIFIED);
    }

    private void count(String outcome) {
        Metric.BUCKET_OBJECTS
                .counter()
                .tag("outcome", outcome)
                .register(metrics)
                .increment();
    }
}
