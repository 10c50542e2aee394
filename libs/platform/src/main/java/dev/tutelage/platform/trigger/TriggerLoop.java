package dev.tutelage.platform.trigger;

import com.google.protobuf.Message;
import dev.tutelage.event.Fact;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import dev.tutelage.platform.run.RunId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every trigger half does: folds the facts, asks the service's {@link Trigger} what follows, and says what is new.
 *
 * <p>It says nothing before it has read all that was on Kafka when it began; until then it may not know that a run was
 * requested already. Saying a request twice would be harmless (same run id), only noisy.
 */
public final class TriggerLoop {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerLoop.class);

    /** Facts of one transaction, so that it is done long before its timeout. */
    private static final int LARGEST = 256;

    private final Trigger trigger;
    private final ArtifactStore store;
    private final FactLog log;
    private final Ledger ledger = new Ledger();
    private final Set<String> said = new HashSet<>();
    private boolean news;

    public TriggerLoop(Trigger trigger, ArtifactStore store, FactLog log) {
        this.trigger = trigger;
        this.store = store;
        this.log = log;
    }

    /**
     * Something new that is to be said.
     *
     * @param name of it: what has been said under that name is not said again
     * @param facts that say it, all or none
     * @param story for the service's own log
     */
    private record News(String name, List<Message> facts, String story) {}

    /** Takes note of a fact. */
    public synchronized void add(Fact fact) {
        ledger.add(fact.payload(), fact.time());
        news = true;
    }

    /**
     * Says what follows from the facts noted so far. If some of it cannot be said now, the next call tries again.
     */
    public synchronized void decide() {
        if (!news) {
            return;
        }
        news = false;
        try {
            List<News> due = new ArrayList<>();
            int facts = 0;
            for (TaskLedger task : ledger.tasks()) {
                for (Decision decision : trigger.decide(task)) {
                    Optional<News> found = news(task, decision);
                    found.ifPresent(due::add);
                    facts += found.map(each -> each.facts().size()).orElse(0);
                    if (facts >= LARGEST) {
                        say(due);
                        due.clear();
                        facts = 0;
                    }
                }
            }
            say(due);
        } catch (NotPublishedException | ArtifactStoreException e) {
            LOG.warn("Will decide again: {}", e.getMessage());
            news = true;
        }
    }

    private void say(List<News> due) throws NotPublishedException {
        if (due.isEmpty()) {
            return;
        }
        log.publish(due.stream().flatMap(each -> each.facts().stream()).toList());
        for (News each : due) {
            said.add(each.name());
            LOG.info("{}", each.story());
        }
    }

    private Optional<News> news(TaskLedger task, Decision decision) {
        Optional<News> news;
        if (decision instanceof Decision.Request request) {
            news = request(task, request);
        } else if (decision instanceof Decision.Judge judge) {
            news = Optional.of(judgement(judge));
        } else {
            news = Optional.of(drift(((Decision.Report) decision).drift()));
        }
        return news.filter(each -> !said.contains(each.name()));
    }

    private Optional<News> request(TaskLedger task, Decision.Request due) {
        String runId = RunId.of(
                due.task(),
                due.stage(),
                due.parent(),
                fingerprint(due.input()),
                due.recipe(),
                due.start(),
                due.heldOut().stream().map(Artifact::getDigest).toList());
        if (task.run(runId).isPresent() || said.contains(runId)) {
            return Optional.empty();
        }
        Artifact dataset = store(due.input());
        RunRequested request = RunRequested.newBuilder()
                .setRunId(runId)
                .setTask(due.task())
                .setStage(due.stage())
                .setParent(due.parent().orElse(""))
                .setDataset(dataset)
                .setRecipe(due.recipe())
                .setReason(due.reason())
                .setStart(due.start().orElse(""))
                .addAllHeldOut(due.heldOut())
                .setBacklog(due.backlog())
                .build();
        RunChanged requested = RunChanged.newBuilder()
                .setRunId(runId)
                .setTask(due.task())
                .setStage(due.stage())
                .setState(RunState.RUN_STATE_REQUESTED)
                .setMessage(due.reason())
                .setParent(request.getParent())
                .setDataset(dataset.getDigest())
                .build();
        return Optional.of(
                new News(runId, List.of(request, requested), "Requested run " + runId + ": " + due.reason()));
    }

    private static News judgement(Decision.Judge judge) {
        CandidateJudged judged = judge.judgement();
        List<Message> facts = new ArrayList<>();
        facts.add(judged);
        judge.promotion().ifPresent(facts::add);
        return new News(
                judged.getTask() + "/" + judged.getRole() + "/" + judged.getCheckpoint(),
                facts,
                judged.getVerdict() + ": " + judged.getCheckpoint() + " as " + judged.getRole() + " of "
                        + judged.getTask() + ": " + judged.getEvidence().getReason());
    }

    private static News drift(DriftDetected drift) {
        return new News(
                "drift/" + drift.getTask() + "/" + drift.getTeacher() + "/" + drift.getWindow(),
                List.of(drift),
                "Drift of " + drift.getTask() + " away from teacher " + drift.getTeacher() + ": " + drift.getReason());
    }

    private static String fingerprint(Decision.Input input) {
        if (input instanceof Decision.Input.OfDataset dataset) {
            return Digest.of(dataset.dataset().toJson()).hex();
        }
        return ((Decision.Input.OfShard) input).shard().getDigest();
    }

    /** The bytes a request names are durable before the request is said. */
    private Artifact store(Decision.Input input) {
        if (input instanceof Decision.Input.OfDataset dataset) {
            return store.put(dataset.dataset().toJson(), "dataset.json");
        }
        return ((Decision.Input.OfShard) input).shard();
    }
}
