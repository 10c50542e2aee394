package dev.tutelage.platform.service;

import dev.tutelage.event.Topic;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.metric.Metric;
import dev.tutelage.platform.trigger.DecisionTrace;
import dev.tutelage.platform.trigger.Trigger;
import dev.tutelage.platform.trigger.TriggerLoop;
import dev.tutelage.platform.trigger.Turn;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trigger half of a service: reads all facts from the beginning, and from time to time says what follows from them.
 *
 * <p>It commits no offsets and shares no partitions: every trigger reads everything, at every start.
 */
@ApplicationScoped
public class TriggerHalf {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerHalf.class);
    private static final long DECIDE_EVERY_MILLIS = 50;

    private final ServiceSettings settings;
    private final MeterRegistry registry;
    private final Topic requests;
    private final TriggerLoop loop;
    private final CatchUp catchUp;
    private final ScheduledExecutorService decider =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "trigger"));

    public TriggerHalf(
            ServiceSettings settings,
            Trigger trigger,
            ArtifactStore store,
            FactLog log,
            Turn turn,
            KafkaClientService kafka,
            MeterRegistry registry,
            Tracer tracer,
            @ConfigProperty(name = "mp.messaging.incoming.requests.topic") String requests) {
        this.settings = settings;
        this.registry = registry;
        this.requests = Topic.named(requests)
                .orElseThrow(() -> new IllegalArgumentException(
                        "mp.messaging.incoming.requests.topic is " + requests + ", which is no topic of Tutelage"));
        this.loop = new TriggerLoop(trigger, store, log, turn, new DecisionTrace(tracer), Clock.systemUTC());
        this.catchUp = new CatchUp(kafka, "facts");
    }

    void start(@Observes StartupEvent event) {
        if (settings.roles().contains(ServiceRole.TRIGGER)) {
            watchOpenRuns();
            // Never completes, and decide() throws nothing.
            ScheduledFuture<?> unused = decider.scheduleWithFixedDelay(
                    this::decide, DECIDE_EVERY_MILLIS, DECIDE_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * What autoscalers go by. The topic's lag is no measure for "none": the marker of each transaction takes an offset, which
     * is behind that of the last request and is never committed.
     */
    private void watchOpenRuns() {
        Metric.RUNS_OPEN
                .gauge(loop, each -> catchUp.isDone() ? each.openRuns(requests) : Double.NaN)
                .register(registry);
    }

    void stop(@Observes ShutdownEvent event) {
        decider.shutdown();
    }

    @Incoming("facts")
    void add(ConsumerRecord<String, byte[]> kafkaRecord) {
        catchUp.hand(kafkaRecord, loop::add);
    }

    private void decide() {
        try {
            if (catchUp.isDone()) {
                loop.decide();
            }
        } catch (RuntimeException e) {
            LOG.error("The trigger failed; it goes on with the next fact", e);
        }
    }
}
