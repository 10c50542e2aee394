package dev.tutelage.platform.run;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.OutcomeFact;
import dev.tutelage.event.v1.RequestPlace;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunOutcome;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What object storage knows about a run and the requests for it: {@code runs/<run id>/outcome} once it has succeeded,
 * {@code runs/<run id>/ended} once it has failed or was cancelled, {@code runs/<run id>/attempts/<n>-<worker>} for each time
 * that a worker took it up, and the same under {@code excused/} for each that ended through no fault of the run. Where the
 * run was asked for again, that request has the same under {@code runs/<run id>/retries/<number>/}.
 *
 * <p>The outcome is what makes the end of a run idempotent: whoever gets the request again says the same facts again. A
 * worker that has lost the run and gives it up does not write over a success, which has a name of its own.
 */
final class RunRecords {
    private static final Logger LOG = LoggerFactory.getLogger(RunRecords.class);
    private static final String ATTEMPTS = "attempts/";
    private static final String EXCUSED = "excused/";
    private static final String OUTCOME = "outcome";
    private static final String ENDED = "ended";

    private final ArtifactStore store;

    /**
     * One time that a worker took a run up.
     *
     * @param number among those of its request, from 1
     * @param order among those of all requests for the run, from 1; rises, unless two workers take a run up at once
     * @param name of its note
     */
    record Attempt(int number, int order, String name) {}

    RunRecords(ArtifactStore store) {
        this.store = store;
    }

    /**
     * What was noted about a request so far.
     *
     * @param ended whether it has an outcome
     * @param attempts how often it was taken up
     * @param excused how many of these do not count against it
     * @param ofAllRequests how often the run was taken up, for earlier requests too
     */
    record History(boolean ended, int attempts, int excused, int ofAllRequests) {

        int charged() {
            return attempts - excused;
        }
    }

    /**
     * How a request ended.
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

        /** Whether the run has a result. Outcomes of older versions are all of this kind. */
        boolean isSuccess() {
            return facts.stream()
                    .noneMatch(
                            fact -> fact instanceof RunChanged run && run.getState() != RunState.RUN_STATE_SUCCEEDED);
        }
    }

    /** Asks for all of it at once: a run of the labeler is short, and every request to the store counts. */
    History history(Asked asked) {
        List<String> names = store.list(ofRun(asked.run()));
        return new History(
                names.contains(outcomeName(asked)) || names.contains(of(asked) + ENDED),
                count(names, of(asked) + ATTEMPTS),
                count(names, of(asked) + EXCUSED),
                Math.toIntExact(names.stream()
                        .filter(name -> name.contains("/" + ATTEMPTS))
                        .count()));
    }

    private static int count(List<String> names, String prefix) {
        return Math.toIntExact(
                names.stream().filter(name -> name.startsWith(prefix)).count());
    }

    /** How the request ended, if it has. If workers were at odds, it has succeeded. */
    Optional<Outcome> outcome(Asked asked) {
        return outcome(outcomeName(asked)).or(() -> outcome(of(asked) + ENDED));
    }

    /** The facts about the result of the run, whichever request it was made for, if it has one. */
    Optional<Outcome> success(String runId) {
        return store.list(ofRun(runId)).stream()
                .filter(name -> name.endsWith("/" + OUTCOME))
                .flatMap(name -> outcome(name).stream())
                .findFirst();
    }

    private Optional<Outcome> outcome(String name) {
        return store.readNamed(name).flatMap(bytes -> parse(name, bytes));
    }

    static Optional<Outcome> parse(String name, byte[] bytes) {
        try {
            RunOutcome stored = RunOutcome.parseFrom(bytes);
            List<Message> facts = new ArrayList<>();
            for (OutcomeFact fact : stored.getFactsList()) {
                unwrap(fact).ifPresent(facts::add);
            }
            return Optional.of(
                    new Outcome(facts, stored.hasRequest() ? Optional.of(stored.getRequest()) : Optional.empty()));
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("{} is damaged; doing the run again", name, e);
            return Optional.empty();
        }
    }

    /** Stores the facts that end a request. They are not yet said. */
    void saveOutcome(Asked asked, RequestPlace place, List<Message> facts) {
        RunOutcome.Builder outcome = RunOutcome.newBuilder().setRequest(place);
        facts.forEach(fact -> outcome.addFacts(wrap(fact)));
        store.putNamed(
                isSuccess(facts) ? outcomeName(asked) : of(asked) + ENDED,
                outcome.build().toByteArray());
    }

    private static boolean isSuccess(List<Message> facts) {
        return facts.stream()
                .noneMatch(fact -> fact instanceof RunChanged run && run.getState() != RunState.RUN_STATE_SUCCEEDED);
    }

    /** Notes that a worker takes the run up. */
    Attempt beginAttempt(Asked asked, String worker, History before) {
        int number = before.attempts() + 1;
        String name = String.format("%06d-%s", number, worker);
        store.putNamed(of(asked) + ATTEMPTS + name, new byte[0]);
        return new Attempt(number, before.ofAllRequests() + 1, name);
    }

    /** Notes that an attempt does not count against the run. Its number stays taken. */
    void excuse(Asked asked, Attempt attempt) {
        store.putNamed(of(asked) + EXCUSED + attempt.name(), new byte[0]);
    }

    private static String ofRun(String runId) {
        return "runs/" + runId + "/";
    }

    private static String of(Asked asked) {
        return ofRun(asked.run()) + (asked.retry() == 0 ? "" : "retries/" + asked.retry() + "/");
    }

    static String outcomeName(Asked asked) {
        return of(asked) + OUTCOME;
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
