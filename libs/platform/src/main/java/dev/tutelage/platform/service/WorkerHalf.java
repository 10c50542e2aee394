package dev.tutelage.platform.service;

import dev.tutelage.event.Fact;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.Facts;
import dev.tutelage.platform.run.RunProtocol;
import dev.tutelage.platform.run.StageWorker;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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
 * The worker half of a service: takes one request at a time and processes it to its end.
 *
 * <p>The next request is not handed over before the one at hand is done; meanwhile the connector keeps polling with the
 * partition paused, so the worker stays in its group for however long a run takes. The offset is committed only by the
 * transaction that says the run's last facts ({@link FactLog}); the connector itself commits nothing.
 */
@ApplicationScoped
public class WorkerHalf {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerHalf.class);
    private static final Duration TIME_TO_SNAPSHOT = Duration.ofSeconds(20);

    private final ServiceSettings settings;
    private final RunProtocol protocol;
    private final KafkaClientService kafka;
    private final RequestPartitions partitions;
    private final Emitter<byte[]> progress;
    private final String service;
    private final AtomicBoolean shuttingDown = new AtomicBoolean();
    private final AtomicInteger processed = new AtomicInteger();
    private final ExecutorService runner = Executors.newSingleThreadExecutor(task -> new Thread(task, "worker"));

    public WorkerHalf(
            ServiceSettings settings,
            ArtifactStore store,
            FactLog log,
            StageWorker stage,
            KafkaClientService kafka,
            @Identifier("requests") RequestPartitions partitions,
            @Channel("progress") @OnOverflow(OnOverflow.Strategy.DROP) Emitter<byte[]> progress,
            @ConfigProperty(name = "quarkus.application.name") String service) {
        this.settings = settings;
        this.kafka = kafka;
        this.partitions = partitions;
        this.progress = progress;
        this.service = service;
        String worker = service + "-" + UUID.randomUUID().toString().substring(0, 8);
        this.protocol = new RunProtocol(
                new RunProtocol.Settings(
                        service,
                        worker,
                        settings.worker().maxAttempts(),
                        settings.workDir().resolve(service)),
                store,
                log,
                stage,
                this::say,
                shuttingDown::get);
    }

    @Incoming("requests")
    CompletionStage<Void> take(Message<byte[]> message) {
        ConsumerRecord<String, byte[]> kafkaRecord = recordOf(message);
        RequestPartitions.PartitionLease lease = partitions.lease(kafkaRecord, kafka);
        return CompletableFuture.runAsync(() -> process(kafkaRecord, lease), runner)
                .thenCompose(done -> message.ack());
    }

    @SuppressWarnings("unchecked")
    private static ConsumerRecord<String, byte[]> recordOf(Message<byte[]> message) {
        return message.getMetadata(IncomingKafkaRecordMetadata.class)
                .orElseThrow(() -> new IllegalStateException("Channel 'requests' is not connected to Kafka"))
                .getRecord();
    }

    private void process(ConsumerRecord<String, byte[]> kafkaRecord, RequestPartitions.PartitionLease lease) {
        try {
            RunProtocol.Ending ending = protocol.process(kafkaRecord, lease);
            LOG.debug(
                    "{}-{} offset {}: {}", kafkaRecord.topic(), kafkaRecord.partition(), kafkaRecord.offset(), ending);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
        runner.shutdown();
        if (!runner.awaitTermination(TIME_TO_SNAPSHOT.toSeconds(), TimeUnit.SECONDS)) {
            LOG.warn(
                    "The run at hand did not stop within {}; it goes on from its last snapshot elsewhere",
                    TIME_TO_SNAPSHOT);
            runner.shutdownNow();
        }
    }
}
