package dev.tutelage.platform.trigger;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import dev.tutelage.platform.log.Place;
import dev.tutelage.platform.log.PlacedFact;
import dev.tutelage.platform.trace.RunFields;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every trigger half does: folds the facts, asks the service's {@link Trigger} what follows, and says what is new.
 *
 * <p>What follows from the facts alone is said at once; saying it twice would be harmless (same run id), only noisy. What
 * depends on the moment too is said in a {@link Turn}: on all that has been said by then, and only if no other trigger has
 * decided meanwhile. Nobody takes a turn without something to say.
 *
 * <p>It says nothing before it has read all that was on Kafka when it began; until then it may not know that a run was
 * requested already.
 */
public final class TriggerLoop {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerLoop.class);

    /** Facts of one transaction, so that it is done long before its timeout. */
    private static final int LARGEST = 256;

    /** How often time alone is a reason to decide. */
    private static final Duration TICK = Duration.ofSeconds(1);

    private static final int LONGEST_REST_MILLIS = 1_000;

    private final Trigger trigger;
    private final ArtifactStore store;
    private final FactLog log;
    private final Turn turn;
    private final DecisionTrace trace;
    private final Clock clock;
    private final Ledger ledger = new Ledger();
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Set<String> said = new HashSet<>();
    private boolean news;
    private Instant nextTick = Instant.MIN;
    private Instant resting = Instant.MIN;

    /**
     * @param log for what follows from the facts alone
     * @param turn for what does not
     * @param trace of both
     */
    public TriggerLoop(Trigger trigger, ArtifactStore store, FactLog log, Turn turn, DecisionTrace trace, Clock clock) {
        this.trigger = trigger;
        this.store = store;
        this.log = log;
        this.turn = turn;
        this.trace = trace;
        this.clock = clock;
    }

    /** @param name of what says the decision: hashing all that a run does is done once */
    private record Due(TaskLedger task, Decision decision, String name) {

        static Due of(TaskLedger task, Decision decision) {
            return new Due(task, decision, News.nameOf(decision));
        }

        boolean inTurn() {
            return decision.dependsOnTheMoment();
        }

        boolean isNew() {
            return News.isNew(decision, name, task);
        }
    }

    /** Takes note of a fact, unless it was read from there before: what is read in a turn comes again by the usual way. */
    public synchronized void add(PlacedFact fact) {
        Place place = fact.place();
        TopicPartition partition = new TopicPartition(place.topic(), place.partition());
        if (place.offset() >= next.getOrDefault(partition, 0L)) {
            next.put(partition, place.offset() + 1);
            trace.add(fact);
            ledger.add(fact.fact().payload(), fact.fact().time());
            news = true;
        }
    }

    /** How many runs were asked for on a topic and are not at their end, as far as was read. */
    public synchronized long openRuns(Topic requests) {
        return ledger.openRuns(requests);
    }

    /**
     * Says what follows from the facts noted so far. If some of it cannot be said now, the next call tries again.
     */
    public synchronized void decide() {
        if (!news && !hasTicked()) {
            return;
        }
        news = false;
        try {
            List<Due> due = due();
            say(
                    due.stream().filter(each -> !each.inTurn() && !isSaid(each)),
                    facts -> log.publishCaused(facts, List.of()));
            if (due.stream().anyMatch(each -> each.inTurn() && each.isNew())) {
                decideInTurn();
            }
        } catch (NotPublishedException | ArtifactStoreException e) {
            LOG.warn("Will decide again: {}", e.getMessage());
            news = true;
        }
    }

    /** What is read in a turn comes again later, and so may what was said out of turn before it is read. */
    private boolean isSaid(Due due) {
        return !due.isNew() || said.contains(due.name());
    }

    private boolean hasTicked() {
        Instant now = clock.instant();
        if (now.isBefore(nextTick)) {
            return false;
        }
        nextTick = now.plus(TICK);
        return ledger.tasks().stream().anyMatch(trigger::watchesTheClock);
    }

    /** Decides once more, now on all that has been said, so that of what others have decided nothing is due any more. */
    private void decideInTurn() throws NotPublishedException {
        // What is read for the turn may lead to more, and what is said in it is looked at again when it has been read.
        news = true;
        if (clock.instant().isBefore(resting) || !turn.take(next, this::add)) {
            return;
        }
        try {
            say(due().stream().filter(due -> due.inTurn() && due.isNew()), turn::sayCaused);
        } catch (NotPublishedException e) {
            // Where two want the turn at the same time, one goes first.
            resting = clock.instant().plusMillis(ThreadLocalRandom.current().nextInt(LONGEST_REST_MILLIS));
            LOG.info("Another trigger may have decided meanwhile: {}", e.getMessage());
        }
    }

    /** All that follows from the ledger. */
    private List<Due> due() {
        List<Due> due = new ArrayList<>();
        for (TaskLedger task : ledger.tasks()) {
            if (!task.isPaused()) {
                trigger.decide(task).forEach(decision -> due.add(Due.of(task, decision)));
            }
        }
        return due;
    }

    private void say(Stream<Due> due, DecisionTrace.Publisher publisher) throws NotPublishedException {
        List<News> together = new ArrayList<>();
        int facts = 0;
        Iterator<News> each = due.map(decided -> News.of(decided.decision(), decided.name(), decided.task(), store))
                .iterator();
        while (each.hasNext()) {
            News one = each.next();
            together.add(one);
            facts += one.facts().size();
            if (facts >= LARGEST) {
                sayTogether(together, publisher);
                together.clear();
                facts = 0;
            }
        }
        sayTogether(together, publisher);
    }

    private void sayTogether(List<News> together, DecisionTrace.Publisher publisher) throws NotPublishedException {
        if (!together.isEmpty()) {
            trace.say(together, publisher);
            for (News each : together) {
                said.add(each.name());
                log(each);
            }
        }
    }

    @SuppressWarnings("try") // The fields are there to be closed.
    private static void log(News news) {
        if (news.facts().get(0) instanceof RunRequested request) {
            try (RunFields.Logged logged = RunFields.of(request).logged()) {
                LOG.info("{}", news.story());
            }
        } else {
            LOG.info("{}", news.story());
        }
    }
}
