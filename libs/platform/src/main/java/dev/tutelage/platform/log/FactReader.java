package dev.tutelage.platform.log;

import dev.tutelage.event.Fact;
import dev.tutelage.event.MalformedEventException;
import dev.tutelage.event.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads facts from the beginning, outside any consumer group: for tools that watch, and for tests. It sees only what is
 * committed, and leaves no trace on Kafka.
 */
public final class FactReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FactReader.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<String, byte[]> consumer;

    public FactReader(Map<String, Object> kafka, Collection<Topic> topics) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic topic : topics) {
            consumer.partitionsFor(topic.topicName())
                    .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** The facts that have come since the last call, after waiting for the first of them for at most {@code patience}. */
    public List<Fact> poll(Duration patience) {
        return pollPlaced(patience).stream().map(PlacedFact::fact).toList();
    }

    /** As {@link #poll}, with where each fact is said. */
    public List<PlacedFact> pollPlaced(Duration patience) {
        List<PlacedFact> facts = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> kafkaRecord : consumer.poll(patience)) {
            Place place = new Place(kafkaRecord.topic(), kafkaRecord.partition(), kafkaRecord.offset());
            try {
                facts.add(new PlacedFact(Facts.fact(kafkaRecord), place));
            } catch (MalformedEventException e) {
                LOG.warn("Skipped {}: {}", place, e.getMessage());
            }
        }
        return facts;
    }

    /**
     * Reads on to what is committed at the time of the call, however much comes meanwhile.
     *
     * @param taker is given each fact, in the order of its partition
     */
    public void readToEnd(java.util.function.Consumer<PlacedFact> taker) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            pollPlaced(POLL).forEach(taker);
        }
    }

    /** Whether everything that is committed now has been returned by {@link #poll}. */
    public boolean isCaughtUp() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
