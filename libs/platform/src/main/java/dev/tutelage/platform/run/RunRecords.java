package dev.tutelage.platform.run;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.OutcomeFact;
import dev.tutelage.event.v1.RequestPlace;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunOutcome;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What object storage knows about runs: {@code runs/<run id>/outcome} once a run has succeeded,
 * {@code runs/<run id>/attempts/<n>-<worker>} for each time that a worker took it up, and the same under {@code excused/}
 * for each that ended through no fault of the run.
 *
 * <p>The outcome is what makes the end of a run idempotent: whoever gets the request again says the same facts again.
 */
final class RunRecords {
    private static final Logger LOG = LoggerFactory.getLogger(RunRecords.class);

    private final ArtifactStore store;

    /**
     * One time that a worker took a run up.
     *
     * @param number from 1
     * @param charged how many attempts count against the run, this one included
     * @param name of its note
     */
    record Attempt(int number, int charged, String name) {}

    RunRecords(ArtifactStore store) {
        this.store = store;
    }

    /**
     * What was noted about a run so far.
     *
     * @param ended whether it has an outcome
     * @param attempts how often it was taken up
     * @param excused how many of these do not count against it
     */
    record History(boolean ended, int attempts, int excused) {}

    /**
     * How a run ended.
     *
     * @param facts that end it
     * @param request where the request was taken that it ended for; unknown for outcomes of older versions
     */
    record Outcome(List<Message> facts, Optional<RequestPlace> request) {

        /** Whether the facts were committed before the request at this place was handed to anyone. */
        boolean saidBefore(RequestPlace place) {
            return request.filter(first -> first.getTopicId().equals(place.getTopicId())
                            && first.getPartition() == place.getPartition()
                            && first.getOffset() < place.getOffset())
                    .isPresent();
        }
    }

    /** Asks for all of it at once: a run of the labeler is short, and every request to the store counts. */
    History history(String runId) {
        List<String> names = store.list("runs/" + runId + "/");
        return new History(
                names.contains(outcomeName(runId)), count(names, attempts(runId)), count(names, excused(runId)));
    }

    private static int count(List<String> names, String prefix) {
        return Math.toIntExact(
                names.stream().filter(name -> name.startsWith(prefix)).count());
    }

    /** How the run ended, if it has succeeded. */
    Optional<Outcome> outcome(String runId) {
        return store.readNamed(outcomeName(runId)).flatMap(bytes -> parse(runId, bytes));
    }

    static Optional<Outcome> parse(String runId, byte[] bytes) {
        try {
            RunOutcome stored = RunOutcome.parseFrom(bytes);
            List<Message> facts = new ArrayList<>();
            for (OutcomeFact fact : stored.getFactsList()) {
                unwrap(fact).ifPresent(facts::add);
            }
            return Optional.of(
                    new Outcome(facts, stored.hasRequest() ? Optional.of(stored.getRequest()) : Optional.empty()));
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("The stored outcome of run {} is damaged; doing the run again", runId, e);
            return Optional.empty();
        }
    }

    /** Stores the facts that end a run. They are not yet said. */
    void saveOutcome(String runId, RequestPlace request, List<Message> facts) {
        RunOutcome.Builder outcome = RunOutcome.newBuilder().setRequest(request);
        facts.forEach(fact -> outcome.addFacts(wrap(fact)));
        store.putNamed(outcomeName(runId), outcome.build().toByteArray());
    }

    /** Notes that a worker takes the run up. */
    Attempt beginAttempt(String runId, String worker, History before) {
        int number = before.attempts() + 1;
        String name = String.format("%06d-%s", number, worker);
        store.putNamed(attempts(runId) + name, new byte[0]);
        return new Attempt(number, number - before.excused(), name);
    }

    /** Notes that an attempt does not count against the run. Its number stays taken. */
    void excuse(String runId, Attempt attempt) {
        store.putNamed(excused(runId) + attempt.name(), new byte[0]);
    }

    private static String attempts(String runId) {
        return "runs/" + runId + "/attempts/";
    }

    private static String excused(String runId) {
        return "runs/" + runId + "/excused/";
    }

    static String outcomeName(String runId) {
        return "runs/" + runId + "/outcome";
    }

    private static OutcomeFact wrap(Message fact) {
        OutcomeFact.Builder wrapped = OutcomeFact.newBuilder();
        if (fact instanceof CheckpointPublished checkpoint) {
            return wrapped.setCheckpointPublished(checkpoint).build();
        } else if (fact instanceof SoftLabelsAdded softLabels) {
            return wrapped.setSoftLabelsAdded(softLabels).build();
        } else if (fact instanceof DeadLettered letter) {
            return wrapped.setDeadLettered(letter).build();
        } else if (fact instanceof RunChanged run) {
            return wrapped.setRunChanged(run).build();
        }
        throw new IllegalArgumentException(
                fact.getDescriptorForType().getName() + " does not end a run; add it to OutcomeFact");
    }

    private static Optional<Message> unwrap(OutcomeFact fact) {
        return switch (fact.getFactCase()) {
            case CHECKPOINT_PUBLISHED -> Optional.of(fact.getCheckpointPublished());
            case SOFT_LABELS_ADDED -> Optional.of(fact.getSoftLabelsAdded());
            case DEAD_LETTERED -> Optional.of(fact.getDeadLettered());
            case RUN_CHANGED -> Optional.of(fact.getRunChanged());
            case FACT_NOT_SET -> Optional.empty();
        };
    }
}
