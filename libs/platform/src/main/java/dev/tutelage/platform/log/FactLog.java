package dev.tutelage.platform.log;

import com.google.protobuf.Message;
import dev.tutelage.event.Fact;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says facts on Kafka, all or none.
 *
 * <p><b>Delivery guarantee.</b> The facts of one call are one Kafka transaction. Where they end requests, the offsets of
 * the requests are part of that transaction: readers that read committed either see the facts and the requests are done,
 * or see nothing and the requests come again. The group metadata of the consumer that took a request goes along, so the
 * broker refuses a worker whose group has moved on without it (a zombie).
 *
 * <p>SmallRye's {@code KafkaTransactions} is not used for this: in 4.33 a commit that fails is answered with an abort
 * whose success is reported as the success of the whole, which would lose the request's facts without a word.
 */
public final class FactLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FactLog.class);
    /** A transaction that its producer abandoned holds up readers for at most this long. */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final Map<String, Object> kafka;
    private final Map<String, Object> config;
    private final String source;
    private final Clock clock;
    private Optional<Producer<String, byte[]>> current = Optional.empty();

    /**
     * @param kafka connection settings of the Kafka client, at least {@code bootstrap.servers}
     * @param source who speaks, such as {@code /tutelage/labeler}
     * @param transactionalId unique among living processes, but for those that take turns: who takes it over fences off who
     *     had it
     */
    public FactLog(Map<String, Object> kafka, String source, String transactionalId, Clock clock) {
        this.kafka = Map.copyOf(kafka);
        this.source = source;
        this.clock = clock;
        this.config = new HashMap<>(kafka);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(TRANSACTION_TIMEOUT.toMillis()));
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.LARGEST_DEAD_LETTER);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 8_000);
    }

    /**
     * Says facts, all or none; when this returns they are durable.
     *
     * @throws NotPublishedException if they are not known to be said. Saying them again is safe: same fact, same event id
     */
    public void publish(List<? extends Message> payloads) throws NotPublishedException {
        publish(payloads, List.of());
    }

    /**
     * Says facts, and puts a record where it was before, byte for byte; all or none.
     *
     * @throws NotPublishedException if they are not known to be said
     */
    public void publishAgain(ProducerRecord<String, byte[]> kafkaRecord, List<? extends Message> payloads)
            throws NotPublishedException {
        List<ProducerRecord<String, byte[]>> records = records(CausedFact.now(payloads));
        records.add(kafkaRecord);
        send(records, List.of(), "a record of " + kafkaRecord.topic() + ", " + describe(payloads));
    }

    /**
     * Says the facts that end requests and marks the requests as done, all or none.
     *
     * @param requests that are done with, and with them all before them in their partitions
     * @throws NotPublishedException if they are not known to be said
     */
    public void publish(List<? extends Message> payloads, List<ConsumedRequest> requests) throws NotPublishedException {
        publishCaused(CausedFact.now(payloads), requests);
    }

    /**
     * The same for facts that came about in different ways.
     *
     * @throws NotPublishedException if they are not known to be said
     */
    public void publishCaused(List<CausedFact> facts, List<ConsumedRequest> requests) throws NotPublishedException {
        send(
                records(facts),
                requests,
                describe(facts.stream().map(CausedFact::payload).toList()));
    }

    private List<ProducerRecord<String, byte[]>> records(List<CausedFact> facts) {
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        facts.forEach(
                each -> records.add(Facts.record(new Fact(each.payload(), source, clock.instant()), each.cause())));
        return records;
    }

    private synchronized void send(
            List<ProducerRecord<String, byte[]>> records, List<ConsumedRequest> requests, String what)
            throws NotPublishedException {
        try {
            Producer<String, byte[]> producer = producer();
            producer.beginTransaction();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ProducerRecord<String, byte[]> each : records) {
                sent.add(producer.send(each));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
            for (List<ConsumedRequest> ofOneConsumer : byConsumer(requests)) {
                producer.sendOffsetsToTransaction(
                        nextOffsets(ofOneConsumer), ofOneConsumer.get(0).consumer());
            }
            producer.commitTransaction();
        } catch (KafkaException | ExecutionException e) {
            // The producer may be fenced, or in the middle of a transaction with an unknown end. A new one with the
            // same transactional id first makes the broker end that transaction.
            discardProducer();
            throw new NotPublishedException(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            discardProducer();
            throw new NotPublishedException(what, e);
        }
    }

    /**
     * Which of these requests are done: to be asked after facts are not known to be said. The answer to a commit may be lost
     * when the commit is not, and saying the facts again would then be once too often.
     *
     * @throws NotPublishedException if the broker cannot be asked
     */
    public synchronized Set<ConsumedRequest> done(List<ConsumedRequest> requests) throws NotPublishedException {
        // Ends a transaction that is still open, one way or the other.
        settle();
        Set<ConsumedRequest> done = new HashSet<>();
        try (Admin admin = Admin.create(kafka)) {
            for (List<ConsumedRequest> ofOneConsumer : byConsumer(requests)) {
                Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(
                                ofOneConsumer.get(0).consumer().groupId(),
                                new ListConsumerGroupOffsetsOptions().requireStable(true))
                        .partitionsToOffsetAndMetadata()
                        .get();
                ofOneConsumer.stream()
                        .filter(request -> Optional.ofNullable(committed.get(request.partition()))
                                .filter(next -> next.offset() > request.offset())
                                .isPresent())
                        .forEach(done::add);
            }
            return done;
        } catch (KafkaException | ExecutionException e) {
            throw new NotPublishedException("perhaps", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotPublishedException("perhaps", e);
        }
    }

    private static Collection<List<ConsumedRequest>> byConsumer(List<ConsumedRequest> requests) {
        return requests.stream()
                .collect(Collectors.groupingBy(request -> request.consumer().groupId()))
                .values();
    }

    private static Map<TopicPartition, OffsetAndMetadata> nextOffsets(List<ConsumedRequest> requests) {
        return requests.stream()
                .collect(Collectors.toMap(
                        ConsumedRequest::partition,
                        request -> new OffsetAndMetadata(request.offset() + 1),
                        (one, other) -> one.offset() > other.offset() ? one : other));
    }

    /**
     * Brings to an end what an earlier holder of the transactional id may have left open, and fences it off. A reader that
     * catches up after this has seen everything that the earlier one will ever have said.
     *
     * @throws NotPublishedException if the broker cannot be asked
     */
    public synchronized void settle() throws NotPublishedException {
        try {
            producer();
        } catch (KafkaException e) {
            discardProducer();
            throw new NotPublishedException("nothing yet", e);
        }
    }

    private Producer<String, byte[]> producer() {
        if (current.isEmpty()) {
            Producer<String, byte[]> producer =
                    new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
            current = Optional.of(producer);
            producer.initTransactions();
        }
        return current.get();
    }

    private void discardProducer() {
        Optional<Producer<String, byte[]>> discarded = current;
        current = Optional.empty();
        discarded.ifPresent(producer -> {
            try {
                // Closing with patience aborts a transaction that is under way, so that readers need not wait for its
                // timeout.
                producer.close(CLOSING);
            } catch (KafkaException e) {
                LOG.debug("A producer that had failed did not close cleanly", e);
            }
        });
    }

    private static String describe(List<? extends Message> payloads) {
        return payloads.stream()
                .map(payload -> payload.getDescriptorForType().getName())
                .distinct()
                .reduce((a, b) -> a + ", " + b)
                .orElse("nothing");
    }

    @Override
    public synchronized void close() {
        current.ifPresent(producer -> producer.close(CLOSING));
        current = Optional.empty();
    }
}
