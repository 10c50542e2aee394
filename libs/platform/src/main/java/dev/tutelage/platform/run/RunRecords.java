package dev.tutelage.platform.run;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.OutcomeFact;
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

    /** The facts that ended the run, if it has succeeded. */
    Optional<List<Message>> outcome(String runId) {
        return store.readNamed(outcomeName(runId)).flatMap(bytes -> parse(runId, bytes));
    }

    private static Optional<List<Message>> parse(String runId, byte[] bytes) {
        try {
            List<Message> facts = new ArrayList<>();
            for (OutcomeFact fact : RunOutcome.parseFrom(bytes).getFactsList()) {
                unwrap(fact).ifPresent(facts::add);
            }
            return Optional.of(facts);
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("The stored outcome of run {} is damaged; doing the run again", runId, e);
            return Optional.empty();
        }
    }

    /** Stores the facts that end a run. They are not yet said. */
    void saveOutcome(String runId, List<Message> facts) {
        RunOutcome.Builder outcome = RunOutcome.newBuilder();
        facts.forEach(fact -> outcome.addFacts(wrap(fact)));
        store.putNamed(outcomeName(runId), outcome.build().toByteArray());
    }

    /** Notes that a worker takes the run up. */
    Attempt beginAttempt(String runId, String worker) {
        int number = store.list(attempts(runId)).size() + 1;
        int excused = store.list(excused(runId)).size();
        String name = String.format("%06d-%s", number, worker);
        store.putNamed(attempts(runId) + name, new byte[0]);
        return new Attempt(number, number - excused, name);
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
