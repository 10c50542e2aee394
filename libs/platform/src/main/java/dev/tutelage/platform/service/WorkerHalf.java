package dev.tutelage.platform.service;

import dev.tutelage.event.Fact;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.Facts;
import dev.tutelage.platform.log.TopicIds;
import dev.tutelage.platform.run.GroupCommit;
import dev.tutelage.platform.run.Lease;
import dev.tutelage.platform.run.RunProtocol;
import dev.tutelage.platform.run.StageWorker;
import io.opentelemetry.api.trace.Tracer;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker half of a service: takes a few requests at a time, one where a request is a training, and processes each to
 * its end.
 *
 * <p>The next request is not handed over before there is a hand free; meanwhile the connector keeps polling with the
 * partitions paused, so the worker stays in its group for however long a run takes. Offsets are committed only by the
 * transactions that say the runs' last facts ({@link GroupCommit}); the connector itself commits nothing.
 *
 * <p>Where a service has a backlog, that is a second topic with hands of its own, so that it never stands in the way of
 * what is urgent.
 */
@ApplicationScoped
public class WorkerHalf {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerHalf.class);
    private static final Duration TIME_TO_SNAPSHOT = Duration.ofSeconds(20);

    private final ServiceSettings settings;
    private final RunProtocol protocol;
    private final GroupCommit commit;
    private final RequestPartitions partitions;
    private final RequestMetrics metrics;
    private final Emitter<byte[]> progress;
    private final Cancellations cancellations;
    private final String service;
    private final AtomicBoolean shuttingDown = new AtomicBoolean();
    private final AtomicInteger processed = new AtomicInteger();
    private final Hands requestHands;
    private final Hands backlogHands;

    public WorkerHalf(
            ServiceSettings settings,
            ArtifactStore store,
            FactLog log,
            StageWorker stage,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            @Identifier("requests") RequestPartitions partitions,
            RequestMetrics metrics,
            Tracer tracer,
            @Channel("progress") @OnOverflow(OnOverflow.Strategy.DROP) Emitter<byte[]> progress,
            @ConfigProperty(name = "quarkus.application.name") String service) {
        this.settings = settings;
        this.commit = new GroupCommit(log);
        this.requestHands = new Hands("worker", settings.worker().requestsAtOnce());
        this.backlogHands = new Hands("backlog", settings.worker().backlogAtOnce());
        this.partitions = partitions;
        this.metrics = metrics;
        this.progress = progress;
        this.service = service;
        this.cancellations = new Cancellations(kafka);
        String worker = service + "-" + UUID.randomUUID().toString().substring(0, 8);
        this.protocol = new RunProtocol(
                new RunProtocol.Settings(
                        service,
                        worker,
                        settings.worker().maxAttempts(),
                        settings.workDir().resolve(service)),
                new RunProtocol.Surroundings(
                        store,
                        commit,
                        new TopicIds(kafka),
                        stage,
                        this::say,
                        shuttingDown::get,
                        cancellations::contains,
                        tracer,
                        metrics.snapshots()));
    }

    @Incoming("requests")
    CompletionStage<Void> take(Message<byte[]> message) {
        return take(message, RequestMetrics.Queue.REQUESTS, requestHands);
    }

    @Incoming("backlog")
    CompletionStage<Void> takeBacklog(Message<byte[]> message) {
        return take(message, RequestMetrics.Queue.BACKLOG, backlogHands);
    }

    /** Called for one record after the other, in the order of each partition. */
    private CompletionStage<Void> take(Message<byte[]> message, RequestMetrics.Queue queue, Hands hands) {
        ConsumerRecord<String, byte[]> kafkaRecord = recordOf(message);
        Lease lease = partitions.lease(kafkaRecord);
        protocol.take(kafkaRecord, lease);
        RequestMetrics.InHand inHand = metrics.take(queue, kafkaRecord.timestamp());
        return hands.give(() -> {
            process(kafkaRecord, lease, inHand);
            // Commits nothing; it tells the connector that the record is no longer in the works.
            message.ack();
        });
    }

    @SuppressWarnings("unchecked")
    private static ConsumerRecord<String, byte[]> recordOf(Message<byte[]> message) {
        return message.getMetadata(IncomingKafkaRecordMetadata.class)
                .orElseThrow(() -> new IllegalStateException("Channel 'requests' is not connected to Kafka"))
                .getRecord();
    }

    private void process(ConsumerRecord<String, byte[]> kafkaRecord, Lease lease, RequestMetrics.InHand inHand) {
        RunProtocol.Ending ending = RunProtocol.Ending.LEFT;
        try {
            ending = protocol.process(kafkaRecord, lease);
            LOG.debug(
                    "{}-{} offset {}: {}", kafkaRecord.topic(), kafkaRecord.partition(), kafkaRecord.offset(), ending);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            inHand.end(ending);
        }
        if (processed.incrementAndGet() >= settings.worker().exitAfter().orElse(Integer.MAX_VALUE)) {
            LOG.info("Processed {} requests as told; leaving", processed.get());
            Quarkus.asyncExit();
        }
    }

    private void say(RunProgressed how) {
        ProducerRecord<String, byte[]> said = Facts.record(
                new Fact(how, "/tutelage/" + service, Clock.systemUTC().instant()));
        progress.send(Message.of(said.value())
                .addMetadata(OutgoingKafkaRecordMetadata.<String>builder()
                        .withKey(said.key())
                        .withHeaders(said.headers())
                        .build()));
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        shuttingDown.set(true);
        Instant deadline = Instant.now().plus(TIME_TO_SNAPSHOT);
        boolean requestsStopped = requestHands.stop(deadline);
        boolean stopped = backlogHands.stop(deadline) && requestsStopped;
        if (!stopped) {
            LOG.warn(
                    "The runs at hand did not stop within {}; they go on from their last snapshots elsewhere",
                    TIME_TO_SNAPSHOT);
        }
        commit.close();
        cancellations.close();
    }
}
