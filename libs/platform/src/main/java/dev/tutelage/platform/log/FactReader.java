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
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
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
    private static final Duration POLL = Duration.ofMillis(100);

    private final Map<String, Object> kafka;
    private final Consumer<String, byte[]> consumer;

    /**
     * Is given facts one by one.
     *
     * @param <X> what it may throw
     */
    @FunctionalInterface
    public interface Taker<X extends Exception> {
        void take(PlacedFact fact) throws X;
    }

    public FactReader(Map<String, Object> kafka, Collection<Topic> topics) {
        this(kafka, topics, Long.MAX_VALUE);
    }

    /**
     * Reads the newest facts rather than all, and what comes after them.
     *
     * @param newest records of each partition to go back, markers of transactions included
     */
    public static FactReader ofNewest(Map<String, Object> kafka, Collection<Topic> topics, long newest) {
        return new FactReader(kafka, topics, newest);
    }

    /**
     * Reads what comes after the facts that are known.
     *
     * @param next the first offset of each partition that is not known; others are read from the beginning
     */
    public static FactReader after(
            Map<String, Object> kafka, Collection<Topic> topics, Map<TopicPartition, Long> next) {
        FactReader reader = new FactReader(kafka, topics, Long.MAX_VALUE);
        reader.consumer.assignment().stream()
                .filter(next::containsKey)
                .forEach(partition -> reader.consumer.seek(partition, next.get(partition)));
        return reader;
    }

    private FactReader(Map<String, Object> kafka, Collection<Topic> topics, long newest) {
        this.kafka = Map.copyOf(kafka);
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
        try {
            List<TopicPartition> partitions = topics.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic.topicName()).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            seekBack(partitions, newest);
        } catch (KafkaException e) {
            consumer.close();
            throw e;
        }
    }

    private void seekBack(List<TopicPartition> partitions, long newest) {
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        consumer.endOffsets(partitions)
                .forEach((partition, end) ->
                        consumer.seek(partition, Math.max(beginnings.get(partition), end - newest)));
    }

    /** The facts that have come since the last call, after waiting for the first of them for at most {@code patience}. */
    public List<Fact> poll(Duration patience) {
        return pollPlaced(patience).stream().map(PlacedFact::fact).toList();
    }

    /** As {@link #poll}, with where each fact is said. */
    public List<PlacedFact> pollPlaced(Duration patience) {
        List<PlacedFact> facts = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> kafkaRecord : consumer.poll(patience)) {
            try {
                facts.add(PlacedFact.of(kafkaRecord));
            } catch (MalformedEventException e) {
                Place place = new Place(kafkaRecord.topic(), kafkaRecord.partition(), kafkaRecord.offset());
                LOG.warn("Skipped {}: {}", place, e.getMessage());
            }
        }
        return facts;
    }

    /**
     * The facts that have come since the last call and are committed now; fewer, and the rest next time, if they do not come
     * in time.
     *
     * @throws KafkaException if Kafka does not even say how many there are
     */
    public List<Fact> pollToEnd(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        List<Fact> facts = new ArrayList<>();
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment(), patience);
        while (!isAt(ends) && System.nanoTime() < deadline) {
            facts.addAll(poll(POLL));
        }
        return facts;
    }

    /**
     * Reads on to what is committed at the time of the call, however much comes meanwhile.
     *
     * @param taker is given each fact, in the order of its partition
     * @throws X if the taker does
     */
    public <X extends Exception> void readToEnd(Taker<X> taker) throws X {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (PlacedFact fact : pollPlaced(POLL)) {
                taker.take(fact);
            }
        }
    }

    /**
     * Reads on past everything that is on the topics at the time of the call, committed or not: what is under way is awaited,
     * and read if it is committed.
     *
     * @param taker is given each fact, in the order of its partition
     * @return whether it came so far in time
     * @throws KafkaException if Kafka does not say how much there is
     */
    public boolean readPastAll(Duration patience, java.util.function.Consumer<PlacedFact> taker) {
        long deadline = System.nanoTime() + patience.toNanos();
        Map<TopicPartition, Long> ends = endsOfAll();
        while (!isAt(ends) && System.nanoTime() < deadline) {
            pollPlaced(POLL).forEach(taker);
        }
        return isAt(ends);
    }

    /** The consumer itself would tell only how far it may read while transactions are under way. */
    private Map<TopicPartition, Long> endsOfAll() {
        Map<TopicPartition, OffsetSpec> latest =
                consumer.assignment().stream().collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()));
        try (Admin admin = Admin.create(kafka)) {
            Map<TopicPartition, Long> ends = new HashMap<>();
            admin.listOffsets(latest).all().get().forEach((partition, end) -> ends.put(partition, end.offset()));
            return ends;
        } catch (ExecutionException e) {
            throw new KafkaException("The ends of the topics are not told", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Whether everything that is committed now has been returned by {@link #poll}. */
    public boolean isCaughtUp() {
        return isAt(consumer.endOffsets(consumer.assignment()));
    }

    private boolean isAt(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
