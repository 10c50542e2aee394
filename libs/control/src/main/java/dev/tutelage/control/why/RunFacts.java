package dev.tutelage.control.why;

import com.google.protobuf.Message;
import dev.tutelage.control.run.RefusedException;
import dev.tutelage.control.run.RunIds;
import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.Evidence;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.FactReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What Kafka tells now about all runs: who was asked for, how far each has come, and what took whose place. */
final class RunFacts {
    private static final Set<Topic> TOPICS = EnumSet.of(
            Topic.PRETRAIN_REQUESTS,
            Topic.FINE_TUNE_REQUESTS,
            Topic.LABEL_REQUESTS,
            Topic.RELABEL_REQUESTS,
            Topic.DISTILL_REQUESTS,
            Topic.RUNS,
            Topic.CANCELLATIONS);

    private final Map<String, Object> kafka;
    private final NavigableMap<String, Said<RunRequested>> requests = new TreeMap<>();
    private final Map<String, Said<RunChanged>> states = new HashMap<>();
    private final List<Said<CancellationRequested>> cancellations = new ArrayList<>();

    /** A fact, and when it was said. */
    record Said<F extends Message>(F fact, Instant time) {}

    private RunFacts(Map<String, Object> kafka) {
        this.kafka = kafka;
    }

    /** Reads what is committed now. */
    static RunFacts read(Map<String, Object> kafka) {
        RunFacts facts = new RunFacts(kafka);
        try (FactReader reader = new FactReader(kafka, TOPICS)) {
            reader.readToEnd(placed -> facts.add(placed.fact()));
        }
        return facts;
    }

    private void add(Fact fact) {
        if (fact.payload() instanceof RunRequested request) {
            // Why it is asked for is told by the first request; a retry has the same grounds.
            requests.putIfAbsent(request.getRunId(), new Said<>(request, fact.time()));
        } else if (fact.payload() instanceof RunChanged changed) {
            states.merge(
                    changed.getRunId(),
                    new Said<>(changed, fact.time()),
                    (known, said) -> TaskLedger.isSuperseded(known.fact(), said.fact()) ? said : known);
        } else if (fact.payload() instanceof CancellationRequested cancellation) {
            cancellations.add(new Said<>(cancellation, fact.time()));
        }
    }

    /**
     * The request of the run whose id begins like that.
     *
     * @throws RefusedException if there is none, or more than one
     */
    Said<RunRequested> find(String beginning) throws RefusedException {
        return requests.get(RunIds.find(beginning, requests.navigableKeySet()));
    }

    /** The state of a run. */
    Optional<Said<RunChanged>> state(String run) {
        return Optional.ofNullable(states.get(run));
    }

    /** What was said to end a run. */
    List<Said<CancellationRequested>> cancellationsOf(String run) {
        return cancellations.stream()
                .filter(each -> each.fact().getRunId().equals(run))
                .toList();
    }

    /** The runs whose place that one took. */
    List<String> superseded(String run) {
        return cancellations.stream()
                .filter(each -> each.fact().getBy().equals(run))
                .map(each -> each.fact().getRunId())
                .distinct()
                .toList();
    }

    /** When the facts of some evidence were said, the last of each topic and key by a time. */
    Map<Evidence, Instant> times(List<Evidence> evidence, Instant by) {
        Set<Topic> topics = evidence.stream()
                .flatMap(each -> Topic.named(each.getTopic()).stream())
                .collect(Collectors.toSet());
        Map<Evidence, Instant> times = new HashMap<>();
        if (!topics.isEmpty()) {
            try (FactReader reader = new FactReader(kafka, topics)) {
                reader.readToEnd(placed -> evidence.stream()
                        .filter(each -> isOf(each, placed.fact())
                                && !placed.fact().time().isAfter(by))
                        .forEach(each -> times.put(each, placed.fact().time())));
            }
        }
        return times;
    }

    private static boolean isOf(Evidence evidence, Fact fact) {
        return fact.topic().topicName().equals(evidence.getTopic())
                && fact.key().equals(evidence.getKey());
    }
}
