package dev.tutelage.labeler;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.platform.log.FactReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The committed soft labels on Kafka, as they come. */
final class SoftLabelLog implements Supplier<List<SoftLabelsAdded>>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SoftLabelLog.class);

    /** Shards of five images would fill the usual memory of half a million; older facts are not looked at. */
    private static final long NEWEST = 200_000;

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Map<String, Object> kafka;
    private Optional<FactReader> reader = Optional.empty();

    SoftLabelLog(Map<String, Object> kafka) {
        this.kafka = kafka;
    }

    /** What has been committed since the last call. If Kafka does not answer it comes with a later call: nothing is lost. */
    @Override
    public synchronized List<SoftLabelsAdded> get() {
        try {
            if (reader.isEmpty()) {
                reader = Optional.of(FactReader.ofNewest(kafka, List.of(Topic.SOFT_LABELS), NEWEST));
            }
            return reader.get().pollToEnd(PATIENCE).stream()
                    .map(fact -> (SoftLabelsAdded) fact.payload())
                    .toList();
        } catch (KafkaException e) {
            LOG.warn("Duplicates of the latest images will be labeled again: {}", e.getMessage());
            return List.of();
        }
    }

    @Override
    public synchronized void close() {
        reader.ifPresent(FactReader::close);
    }
}
