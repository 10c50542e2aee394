package dev.tutelage.control.run;

import com.google.protobuf.Message;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.run.Asked;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All runs that were ever asked for, of all tasks, as Kafka tells of them now. */
public final class KnownRuns {
    private static final Set<Topic> TOPICS = EnumSet.of(
            Topic.PRETRAIN_REQUESTS,
            Topic.FINE_TUNE_REQUESTS,
            Topic.LABEL_REQUESTS,
            Topic.RELABEL_REQUESTS,
            Topic.DISTILL_REQUESTS,
            Topic.RUNS,
            Topic.CANCELLATIONS);

    private final NavigableMap<String, RunRequested> requests = new TreeMap<>();
    private final Map<Asked, RunChanged> states = new HashMap<>();
    private final Set<Asked> cancelled = new HashSet<>();

    private KnownRuns() {}

    /** Reads what is committed now. */
    public static KnownRuns read(Map<String, Object> kafka) {
        KnownRuns runs = new KnownRuns();
        try (FactReader reader = new FactReader(kafka, TOPICS)) {
            reader.readToEnd(placed -> runs.add(placed.fact().payload()));
        }
        return runs;
    }

    private void add(Message fact) {
        if (fact instanceof RunRequested request) {
            requests.merge(
                    request.getRunId(), request, (known, other) -> other.getRetry() > known.getRetry() ? other : known);
        } else if (fact instanceof RunChanged changed) {
            states.merge(
                    new Asked(changed.getRunId(), changed.getRetry()),
                    changed,
                    (known, said) -> TaskLedger.isTerminal(known.getState()) ? known : said);
        } else if (fact instanceof CancellationRequested asked) {
            cancelled.add(new Asked(asked.getRunId(), asked.getRetry()));
        }
    }

    /** The run of that id, if it was asked for. */
    public Optional<KnownRun> run(String id) {
        return Optional.ofNullable(requests.get(id)).map(this::known);
    }

    private KnownRun known(RunRequested request) {
        Asked asked = new Asked(request.getRunId(), request.getRetry());
        Optional<RunChanged> state = Optional.ofNullable(states.get(asked));
        return new KnownRun(
                request,
                state.map(RunChanged::getState).orElse(RunState.RUN_STATE_REQUESTED),
                state.map(RunChanged::getMessage).orElse(""),
                cancelled.contains(asked));
    }

    /**
     * The run whose id begins like that.
     *
     * @throws RefusedException if there is none, or more than one
     */
    public KnownRun find(String beginning) throws RefusedException {
        return known(requests.get(RunIds.find(beginning, requests.navigableKeySet())));
    }
}
