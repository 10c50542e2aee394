package dev.tutelage.platform.run;

import com.google.protobuf.Message;
import dev.tutelage.event.MalformedEventException;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.RequestPlace;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.DiskSpace;
import dev.tutelage.platform.log.DeadLetters;
import dev.tutelage.platform.log.Facts;
import dev.tutelage.platform.log.TopicIds;
import dev.tutelage.platform.run.RunRecords.Attempt;
import dev.tutelage.platform.run.RunRecords.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every worker does with a request, whatever its stage: take it, do it or find it done, say how it ended.
 *
 * <ol>
 *   <li>A record that is no request becomes a dead letter, and the queue moves on.
 *   <li>A run whose outcome is stored is not computed again. Its facts are said, unless the request that it was done for
 *       lies before this one: then they have been.
 *   <li>Otherwise the attempt is noted, the stage's work is done from the newest snapshot, its outcome is stored, and then
 *       the facts are said in one transaction with the offset of the request ({@link GroupCommit}).
 *   <li>A run that is rejected, or that has failed the allowed number of times, ends as failed and as a dead letter.
 * </ol>
 *
 * <p>The process may die between any two of these; the request is then taken again by whoever gets its partition.
 */
public final class RunProtocol {
    private static final Logger LOG = LoggerFactory.getLogger(RunProtocol.class);
    private static final long RETRY_PAUSE_MILLIS = 1_000;
    private static final long REPAIR_PAUSE_MILLIS = 5_000;

    /**
     * Settings of a worker.
     *
     * @param service the service's name
     * @param worker the worker's own name, for people
     * @param maxAttempts how often a run is taken up before it is given up
     * @param directory for the runs' working directories
     */
    public record Settings(String service, String worker, int maxAttempts, Path directory) {}

    private final Settings settings;
    private final ArtifactStore store;
    private final RunRecords records;
    private final GroupCommit commit;
    private final TopicIds topicIds;
    private final StageWorker stage;
    private final Consumer<RunProgressed> progress;
    private final BooleanSupplier shuttingDown;
    /** By run id, which is the requests' key: the leases of requests that were taken and not left, in that order. */
    private final Map<String, Deque<Lease>> inHand = new HashMap<>();

    public RunProtocol(
            Settings settings,
            ArtifactStore store,
            GroupCommit commit,
            TopicIds topicIds,
            StageWorker stage,
            Consumer<RunProgressed> progress,
            BooleanSupplier shuttingDown) {
        this.settings = settings;
        this.store = store;
        this.records = new RunRecords(store);
        this.commit = commit;
        this.topicIds = topicIds;
        this.stage = stage;
        this.progress = progress;
        this.shuttingDown = shuttingDown;
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
        commit.take(lease);
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
        try {
            if (Facts.fact(kafkaRecord).payload() instanceof RunRequested request) {
                return process(request, kafkaRecord, lease);
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
            return commit.end(lease, List.of(letter));
        }
    }

    private Ending process(RunRequested request, ConsumerRecord<String, byte[]> kafkaRecord, Lease lease)
            throws InterruptedException {
        String runId = request.getRunId();
        Optional<Attempt> attempt = Optional.empty();
        String lastFailure = "its workers were lost; see their logs";
        while (lease.isHeld() && !shuttingDown.getAsBoolean()) {
            try {
                RequestPlace place = place(lease);
                RunRecords.History history = records.history(runId);
                Optional<Outcome> outcome = history.ended() ? records.outcome(runId) : Optional.empty();
                if (outcome.isPresent()) {
                    return commit.end(lease, unsaid(runId, outcome.get(), place));
                }
                Attempt current = records.beginAttempt(runId, settings.worker(), history);
                attempt = Optional.of(current);
                requireAttemptLeft(current, lastFailure);
                say(request, current.number());
                List<Message> facts = work(request, kafkaRecord, current.number(), lease);
                records.saveOutcome(runId, place, facts);
                return commit.end(lease, facts);
            } catch (RunStoppedException e) {
                LOG.info("Run {} stopped: {}", runId, e.getMessage());
                excuse(runId, attempt);
                return commit.leave(lease);
            } catch (RunRejectedException e) {
                LOG.error("Run {} is rejected", runId, e);
                return fail(
                        request,
                        kafkaRecord,
                        lease,
                        attempt.map(Attempt::number).orElse(0),
                        e);
            } catch (IOException | RuntimeException e) {
                lastFailure = String.valueOf(e.getMessage());
                if (isMachinesFault(e)) {
                    LOG.error("Run {} waits: {}", runId, lastFailure);
                    excuse(runId, attempt);
                    Thread.sleep(REPAIR_PAUSE_MILLIS);
                } else {
                    LOG.error("Run {} failed; trying again", runId, e);
                    Thread.sleep(RETRY_PAUSE_MILLIS);
                }
                attempt = Optional.empty();
            }
        }
        return commit.leave(lease);
    }

    private RequestPlace place(Lease lease) {
        return RequestPlace.newBuilder()
                .setTopicId(topicIds.of(lease.partition().topic()))
                .setPartition(lease.partition().partition())
                .setOffset(lease.offset())
                .build();
    }

    private static List<Message> unsaid(String runId, Outcome outcome, RequestPlace place) {
        if (outcome.saidBefore(place)) {
            LOG.info("Run {} was done for an earlier request, which said so", runId);
            return List.of();
        }
        LOG.info("Run {} is done already; saying so", runId);
        return outcome.facts();
    }

    private void requireAttemptLeft(Attempt attempt, String lastFailure) throws RunRejectedException {
        if (attempt.charged() > settings.maxAttempts()) {
            throw new RunRejectedException("it was taken up " + settings.maxAttempts()
                    + " times and never came to an end; last: " + lastFailure);
        }
    }

    private List<Message> work(
            RunRequested request, ConsumerRecord<String, byte[]> kafkaRecord, int attempt, Lease lease)
            throws RunRejectedException, RunStoppedException, IOException {
        try (WorkingDirectory directory = WorkingDirectory.create(settings.directory(), request.getRunId())) {
            Workspace workspace = new Workspace(
                    directory.path(),
                    store,
                    new SnapshotStore(
                            store, request.getRunId(), directory.path().resolve("snapshots")),
                    how -> report(request, how),
                    () -> shuttingDown.getAsBoolean() || !lease.isHeld());
            List<Message> facts = new ArrayList<>(stageWork(request, workspace));
            if (!workspace.rejected().isEmpty()) {
                facts.add(DeadLetters.of(kafkaRecord, settings.service(), "Parts of the input were left out")
                        .setTask(request.getTask())
                        .setRunId(request.getRunId())
                        .addAllRejected(workspace.rejected())
                        .build());
            }
            facts.add(changed(request, RunState.RUN_STATE_SUCCEEDED, attempt, ""));
            return facts;
        }
    }

    private List<Message> stageWork(RunRequested request, Workspace workspace)
            throws RunRejectedException, RunStoppedException, IOException {
        try {
            return stage.work(request, workspace);
        } catch (RunRejectedException e) {
            throw e.with(workspace.rejected());
        }
    }

    private void say(RunRequested request, int attempt) {
        RunState state = attempt == 1 ? RunState.RUN_STATE_STARTED : RunState.RUN_STATE_RESUMED;
        commit.say(changed(request, state, attempt, ""));
    }

    private Ending fail(
            RunRequested request,
            ConsumerRecord<String, byte[]> kafkaRecord,
            Lease lease,
            int attempt,
            RunRejectedException rejection)
            throws InterruptedException {
        String message =
                "Run " + request.getRunId() + " of task " + request.getTask() + " failed: " + rejection.getMessage();
        DeadLettered letter = DeadLetters.of(kafkaRecord, settings.service(), message)
                .setTask(request.getTask())
                .setRunId(request.getRunId())
                .addAllRejected(rejection.parts())
                .build();
        RunChanged failed = changed(request, RunState.RUN_STATE_FAILED, attempt, rejection.getMessage());
        return commit.end(lease, List.of(letter, failed));
    }

    private RunChanged changed(RunRequested request, RunState state, int attempt, String message) {
        return RunChanged.newBuilder()
                .setRunId(request.getRunId())
                .setTask(request.getTask())
                .setStage(request.getStage())
                .setState(state)
                .setAttempt(attempt)
                .setWorker(settings.worker())
                .setMessage(message)
                .setParent(request.getParent())
                .setDataset(request.getDataset().getDigest())
                .build();
    }

    private void report(RunRequested request, RunProgressed.Builder how) {
        progress.accept(how.setRunId(request.getRunId())
                .setTask(request.getTask())
                .setStage(request.getStage())
                .build());
    }

    /**
     * A store that is down or misconfigured and a disk that is full are not the run's fault: it waits until somebody has
     * seen to them, for as long as that takes.
     */
    private static boolean isMachinesFault(Exception e) {
        if (e instanceof ArtifactStoreException store) {
            return switch (store.kind()) {
                case UNAVAILABLE, ACCESS_DENIED, NO_BUCKET, NO_SPACE -> true;
                case NOT_FOUND, CORRUPT -> false;
            };
        }
        return DiskSpace.isExhausted(e);
    }

    private void excuse(String runId, Optional<Attempt> attempt) {
        try {
            attempt.ifPresent(current -> records.excuse(runId, current));
        } catch (ArtifactStoreException stillDown) {
            LOG.debug("The attempt counts", stillDown);
        }
    }
}
