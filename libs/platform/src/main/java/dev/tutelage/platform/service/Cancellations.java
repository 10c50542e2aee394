package dev.tutelage.platform.service;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.PlacedFact;
import dev.tutelage.platform.run.Asked;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which requests somebody wants to end: all that were ever named, and those to come, read in the background from when it is
 * first asked.
 */
final class Cancellations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cancellations.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    /** Work that should not have begun is stopped a little later. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Map<String, Object> kafka;
    private final Set<Asked> cancelled = ConcurrentHashMap.newKeySet();
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final Thread reader = new Thread(this::follow, "cancellations");

    /** @param kafka connection settings of the Kafka client */
    Cancellations(Map<String, Object> kafka) {
        this.kafka = Map.copyOf(kafka);
        reader.setDaemon(true);
    }

    /** Waits, for a few seconds at most, until all earlier cancellations are known. */
    boolean contains(Asked asked) {
        begin();
        try {
            if (!caughtUp.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Cancellations are not known yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return cancelled.contains(asked);
    }

    private synchronized void begin() {
        if (reader.getState() == Thread.State.NEW) {
            reader.start();
        }
    }

    private void follow() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try (FactReader facts = new FactReader(kafka, List.of(Topic.CANCELLATIONS))) {
                    follow(facts);
                } catch (InterruptException closed) {
                    return;
                } catch (KafkaException e) {
                    LOG.warn("Cancellations cannot be read; trying again: {}", e.getMessage());
                    Thread.sleep(PAUSE_AFTER_FAILURE.toMillis());
                }
            }
        } catch (InterruptedException closed) {
            LOG.debug("Cancellations are no longer read", closed);
        }
    }

    private void follow(FactReader facts) {
        facts.readToEnd(this::add);
        caughtUp.countDown();
        while (!Thread.currentThread().isInterrupted()) {
            facts.pollPlaced(POLL).forEach(this::add);
        }
    }

    private void add(PlacedFact placed) {
        if (placed.fact().payload() instanceof CancellationRequested asked) {
            cancelled.add(new Asked(asked.getRunId(), asked.getRetry()));
        }
    }

    @Override
    public void close() {
        reader.interrupt();
    }
}
