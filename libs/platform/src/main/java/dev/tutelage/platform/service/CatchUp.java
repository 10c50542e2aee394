package dev.tutelage.platform.service;

import dev.tutelage.event.MalformedEventException;
import dev.tutelage.platform.log.PlacedFact;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when a consumer has read everything that was on its topics when it was first asked.
 *
 * <p>Offsets alone do not tell: the last ones of a partition may be transaction markers, which no one is handed. So it is
 * done when the consumer's positions have passed those first ends, and no record from before them has been handed over for
 * a moment.
 */
public final class CatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long QUIET_NANOS = Duration.ofMillis(300).toNanos();

    private final KafkaClientService kafka;
    private final String channel;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private long lastOld = System.nanoTime();
    private boolean done;

    /** @param channel the consumer's */
    public CatchUp(KafkaClientService kafka, String channel) {
        this.kafka = kafka;
        this.channel = channel;
    }

    /**
     * Hands over the fact of a record, and takes note that it was dealt with. What is no fact is not ours to bury: it stays
     * where it is on a topic that is kept, for whoever wrote it to look at.
     */
    public void hand(ConsumerRecord<String, byte[]> kafkaRecord, java.util.function.Consumer<PlacedFact> taker) {
        try {
            taker.accept(PlacedFact.of(kafkaRecord));
        } catch (MalformedEventException e) {
            LOG.warn(
                    "Ignored {}-{} offset {}: {}",
                    kafkaRecord.topic(),
                    kafkaRecord.partition(),
                    kafkaRecord.offset(),
                    e.getMessage());
        } finally {
            handled(kafkaRecord);
        }
    }

    private synchronized void handled(ConsumerRecord<?, ?> kafkaRecord) {
        TopicPartition partition = new TopicPartition(kafkaRecord.topic(), kafkaRecord.partition());
        if (kafkaRecord.offset() < ends.getOrDefault(partition, Long.MAX_VALUE)) {
            lastOld = System.nanoTime();
        }
    }

    /** Whether everything has been read; once true, always true. */
    public boolean isDone() {
        if (!done) {
            boolean passed = Optional.ofNullable(kafka.getConsumer(channel))
                    .map(this::positionsPassed)
                    .orElse(false);
            done = passed && isQuiet();
            if (done) {
                LOG.info("Caught up with all facts");
            }
        }
        return done;
    }

    private synchronized boolean isQuiet() {
        return System.nanoTime() - lastOld > QUIET_NANOS;
    }

    private boolean positionsPassed(KafkaConsumer<?, ?> consumer) {
        return consumer.runOnPollingThread(polling -> {
                    return positionsPassed((Consumer<?, ?>) polling);
                })
                .await()
                .atMost(PATIENCE);
    }

    private synchronized boolean positionsPassed(Consumer<?, ?> consumer) {
        if (consumer.assignment().isEmpty()) {
            return false;
        }
        if (ends.isEmpty()) {
            ends.putAll(consumer.endOffsets(consumer.assignment(), PATIENCE));
            lastOld = System.nanoTime();
        }
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), PATIENCE) >= end.getValue());
    }
}
