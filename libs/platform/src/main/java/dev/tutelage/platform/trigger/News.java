package dev.tutelage.platform.trigger;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.policy.Grounds;
import dev.tutelage.platform.run.RunId;
import java.util.ArrayList;
import java.util.List;

/**
 * Something new that is to be said.
 *
 * @param decision that it is
 * @param name of it
 * @param facts that say it, all or none
 * @param story for the service's own log
 */
record News(Decision decision, String name, List<Message> facts, String story) {

    /**
     * What says a decision. The bytes that it names are stored.
     *
     * @param name of it, as {@link #nameOf} has it
     */
    static News of(Decision decision, String name, TaskLedger task, ArtifactStore store) {
        if (decision instanceof Decision.Request request) {
            return request(request, name, task, store);
        } else if (decision instanceof Decision.Judge judge) {
            return judgement(judge, name);
        }
        return drift((Decision.Report) decision, name);
    }

    /** Whether it has not been said. The same work is asked for once, however it ended: it is for people to ask again. */
    static boolean isNew(Decision decision, String name, TaskLedger task) {
        return !(decision instanceof Decision.Request)
                || (task.run(name).isEmpty() && task.request(name).isEmpty());
    }

    /** The name of what says a decision: that of a request is its run's id. */
    static String nameOf(Decision decision) {
        if (decision instanceof Decision.Request request) {
            return RunId.of(
                    request.task(),
                    request.stage(),
                    request.parent(),
                    fingerprint(request.input()),
                    request.recipe(),
                    request.start(),
                    request.heldOut().stream().map(Artifact::getDigest).toList());
        } else if (decision instanceof Decision.Judge judge) {
            CandidateJudged judged = judge.judgement();
            return judged.getTask() + "/" + judged.getRole() + "/" + judged.getCheckpoint();
        }
        DriftDetected drift = ((Decision.Report) decision).drift();
        return "drift/" + drift.getTask() + "/" + drift.getTeacher() + "/" + drift.getWindow();
    }

    private static News request(Decision.Request due, String runId, TaskLedger task, ArtifactStore store) {
        RunRequested request = requested(due, runId, task, store);
        List<Message> facts = new ArrayList<>();
        facts.add(request);
        facts.add(RunChanged.newBuilder()
                .setRunId(runId)
                .setTask(due.task())
                .setStage(due.stage())
                .setState(RunState.RUN_STATE_REQUESTED)
                .setMessage(due.reason())
                .setParent(request.getParent())
                .setDataset(request.getDataset().getDigest())
                .build());
        due.grounds().map(Grounds::superseded).orElse(List.of()).stream()
                .map(old -> superseded(old, runId))
                .forEach(facts::add);
        return new News(due, runId, facts, "Requested run " + runId + ": " + due.reason());
    }

    private static RunRequested requested(Decision.Request due, String runId, TaskLedger task, ArtifactStore store) {
        RunRequested.Builder request = RunRequested.newBuilder()
                .setRunId(runId)
                .setTask(due.task())
                .setStage(due.stage())
                .setParent(due.parent().orElse(""))
                .setDataset(store(due.input(), store))
                .setRecipe(due.recipe())
                .setReason(due.reason())
                .setStart(due.start().orElse(""))
                .addAllHeldOut(due.heldOut())
                .setBacklog(due.backlog());
        due.grounds().ifPresent(grounds -> request.setNumber(nextNumber(due, task))
                .setExtent(grounds.extent())
                .addAllEvidence(grounds.evidence()));
        return request.build();
    }

    /** Requests of older versions have no number; they count all the same. */
    private static long nextNumber(Decision.Request due, TaskLedger task) {
        List<RunRequested> before = task.requests(due.stage());
        return 1 + before.stream().mapToLong(RunRequested::getNumber).reduce(before.size(), Math::max);
    }

    private static CancellationRequested superseded(RunRequested old, String runId) {
        return CancellationRequested.newBuilder()
                .setRunId(old.getRunId())
                .setTask(old.getTask())
                .setRetry(old.getRetry())
                .setReason("run " + runId + " takes its place")
                .setBy(runId)
                .build();
    }

    private static News judgement(Decision.Judge judge, String name) {
        CandidateJudged judged = judge.judgement();
        List<Message> facts = new ArrayList<>();
        facts.add(judged);
        judge.promotion().ifPresent(facts::add);
        return new News(
                judge,
                name,
                facts,
                judged.getVerdict() + ": " + judged.getCheckpoint() + " as " + judged.getRole() + " of "
                        + judged.getTask() + ": " + judged.getEvidence().getReason());
    }

    private static News drift(Decision.Report report, String name) {
        DriftDetected drift = report.drift();
        return new News(
                report,
                name,
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
    private static Artifact store(Decision.Input input, ArtifactStore store) {
        if (input instanceof Decision.Input.OfDataset dataset) {
            return store.put(dataset.dataset().toJson(), "dataset.json");
        }
        return ((Decision.Input.OfShard) input).shard();
    }
}
