package dev.tutelage.platform.run;

import dev.tutelage.event.MalformedEventException;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.DeadLetters;
import dev.tutelage.platform.log.Facts;
import dev.tutelage.platform.log.TopicIds;
import dev.tutelage.platform.trace.AtWork;
import dev.tutelage.platform.trace.TraceHeaders;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every worker does with a request, whatever its stage: take it, do it or find it done, say how it ended.
 *
 * <ol>
 *   <li>A record that is no request becomes a dead letter, and the queue moves on.
 *   <li>A request whose outcome is stored is not worked on again. Its facts are said, unless the request that it was done
 *       for lies before this one: then they have been.
 *   <li>A request that was cancelled ends as cancelled, also while it is worked on.
 *   <li>Otherwise the attempt is noted, the stage's work is done from the newest snapshot, its outcome is stored, and then
 *       the facts are said in one transaction with the offset of the request ({@link GroupCommit}).
 *   <li>A run that is rejected, or that has failed the allowed number of times, ends as failed and as a dead letter.
 * </ol>
 *
 * <p>{@link RunLifecycle} is the decisions of this. The process may die between any two of these; the request is then taken
 * again by whoever gets its partition.
 */
public final class RunProtocol {
    private static final Logger LOG = LoggerFactory.getLogger(RunProtocol.class);

    /**
     * Settings of a worker.
     *
     * @param service the service's name
     * @param worker the worker's own name, for people
     * @param maxAttempts how often a run is taken up before it is given up
     * @param directory for the runs' working directories
     */
    public record Settings(String service, String worker, int maxAttempts, Path directory) {}

    /**
     * What a worker does its work with.
     *
     * @param stage the work itself
     * @param progress takes what is said about it, and drops what cannot be said
     * @param shuttingDown whether the service is
     * @param cancelled whether somebody wants a request to end
     * @param tracer of what is done
     * @param snapshots of all runs at hand
     */
    public record Surroundings(
            ArtifactStore store,
            GroupCommit commit,
            TopicIds topicIds,
            StageWorker stage,
            Consumer<RunProgressed> progress,
            BooleanSupplier shuttingDown,
            Predicate<Asked> cancelled,
            Tracer tracer,
            SnapshotAges snapshots) {}

    private final Settings settings;
    private final Surroundings around;
    /** By run id, which is the requests' key: the leases of requests that were taken and not left, in that order. */
    private final Map<String, Deque<Lease>> inHand = new HashMap<>();

    public RunProtocol(Settings settings, Surroundings around) {
        this.settings = settings;
        this.around = around;
    }

    /** How a request left this worker. */
    public enum Ending {
        /** Its last facts are on Kafka and its offset is committed. */
        DONE,
        /** This worker no longer holds it, or is shutting down. It will be taken again. */
        LEFT
    }

    /** Takes note of a record that will be processed; those of a partition in the order of their offsets. */
    public void take(ConsumerRecord<String, byte[]> kafkaRecord, Lease lease) {
        around.commit().take(lease);
        synchronized (inHand) {
            inHand.computeIfAbsent(keyOf(kafkaRecord), none -> new ArrayDeque<>())
                    .addLast(lease);
        }
    }

    /**
     * Processes one record of the request topic to its end. Several may be processed at once, each on a thread of its own;
     * but requests of one run one after the other, as they were taken: the later one then finds the outcome.
     *
     * @param lease that {@link #take} was told of
     */
    public Ending process(ConsumerRecord<String, byte[]> kafkaRecord, Lease lease) throws InterruptedException {
        try {
            awaitTurn(keyOf(kafkaRecord), lease);
            return processNow(kafkaRecord, lease);
        } finally {
            endTurn(keyOf(kafkaRecord), lease);
        }
    }

    private static String keyOf(ConsumerRecord<String, byte[]> kafkaRecord) {
        return Optional.ofNullable(kafkaRecord.key()).orElse("");
    }

    /** Everyone waits for requests that were taken earlier, here and for the commit: so nobody waits for ever. */
    private void awaitTurn(String run, Lease lease) throws InterruptedException {
        synchronized (inHand) {
            while (inHand.get(run).peekFirst() != lease) {
                inHand.wait();
            }
        }
    }

    private void endTurn(String run, Lease lease) {
        synchronized (inHand) {
            inHand.computeIfPresent(run, (key, leases) -> {
                leases.remove(lease);
                return leases.isEmpty() ? null : leases;
            });
            inHand.notifyAll();
        }
    }

    private Ending processNow(ConsumerRecord<String, byte[]> kafkaRecord, Lease lease) throws InterruptedException {
        SpanContext cause = TraceHeaders.take(kafkaRecord.headers());
        try {
            if (Facts.fact(kafkaRecord).payload() instanceof RunRequested request) {
                RunFacts facts = new RunFacts(settings, request, kafkaRecord);
                return AtWork.on(
                        request, cause, around.tracer(), () -> new TakenRequest(settings, around, request, facts, lease)
                                .run());
            }
            throw new IllegalStateException("The codec lets only requests through on " + kafkaRecord.topic());
        } catch (MalformedEventException e) {
            LOG.warn(
                    "{}-{} offset {} is no request",
                    kafkaRecord.topic(),
                    kafkaRecord.partition(),
                    kafkaRecord.offset(),
                    e);
            DeadLettered letter = DeadLetters.of(kafkaRecord, settings.service(), e.getMessage())
                    .build();
            return AtWork.because(cause, () -> around.commit().end(lease, List.of(letter)));
        }
    }
}
