package dev.tutelage.gateway.history;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.log.PlacedFact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was said of a task and when, to be looked through. What decisions are made on is in the platform's ledger; messages are
 * shared with it. Facts that are said twice are there once.
 */
public final class TaskHistory {
    private final Timeline<Said<ShardAdded>> shards = new Timeline<>();
    private final Timeline<RunEntry> runs = new Timeline<>();
    private final Timeline<Said<CheckpointPublished>> checkpoints = new Timeline<>();
    private final Timeline<Said<SoftLabelsAdded>> softLabels = new Timeline<>();
    private final Timeline<Said<Promoted>> promotions = new Timeline<>();
    private final Timeline<Said<CandidateJudged>> judgements = new Timeline<>();
    private final Timeline<Said<DriftDetected>> drifts = new Timeline<>();
    private final Map<String, Said<RunProgressed>> progress = new HashMap<>();
    private final Map<String, List<Said<CancellationRequested>>> cancellations = new HashMap<>();
    private final Map<String, Set<String>> superseded = new HashMap<>();
    private final Map<String, Tally> labeledBy = new HashMap<>();
    private final Map<Role, Promoted> holders = new HashMap<>();
    private Optional<Said<TaskDeclared>> declared = Optional.empty();

    TaskHistory() {}

    /** What a teacher has labeled. */
    public record Tally(int shards, long images) {
        private Tally and(SoftLabelsAdded labels) {
            return new Tally(shards + 1, images + labels.getImages());
        }
    }

    void add(Message fact, PlacedFact placed) {
        Instant time = placed.fact().time();
        if (fact instanceof TaskDeclared declaration) {
            declared = Optional.of(new Said<>(declaration, time));
        } else if (fact instanceof ShardAdded shard) {
            shards.add(shard.getShard().getDigest(), time, new Said<>(shard, time));
        } else if (fact instanceof RunRequested request) {
            run(request.getRunId(), time).add(light(request), time);
        } else if (fact instanceof RunChanged change) {
            run(change.getRunId(), time).add(change, time);
        } else if (fact instanceof RunProgressed progressed) {
            progress.put(progressed.getRunId(), new Said<>(progressed, time));
        } else if (fact instanceof CancellationRequested cancellation) {
            add(cancellation, time);
        } else if (fact instanceof CheckpointPublished checkpoint) {
            checkpoints.add(checkpoint.getDigest(), time, new Said<>(checkpoint, time));
        } else if (fact instanceof SoftLabelsAdded labels) {
            add(labels, time);
        } else if (fact instanceof CandidateJudged judged) {
            String key = judged.getRole() + "/" + judged.getCheckpoint();
            judgements.add(judged.getBy().isEmpty() ? key : key + "/rejected", time, new Said<>(judged, time));
        } else if (fact instanceof Promoted promoted) {
            add(promoted, placed);
        } else if (fact instanceof DriftDetected drift) {
            drifts.add(drift.getTeacher() + "/" + drift.getWindow(), time, new Said<>(drift, time));
        }
    }

    private RunEntry run(String id, Instant time) {
        runs.add(id, time, new RunEntry(id, time));
        runs.since(id, time);
        return runs.get(id).orElseThrow();
    }

    /** There are as many requests to label as shards, and each names all shards that are held out. */
    private static RunRequested light(RunRequested request) {
        return request.getStage() == Stage.STAGE_LABEL
                ? request.toBuilder().clearHeldOut().build()
                : request;
    }

    private void add(CancellationRequested cancellation, Instant time) {
        List<Said<CancellationRequested>> known =
                cancellations.computeIfAbsent(cancellation.getRunId(), none -> new ArrayList<>());
        if (known.stream().noneMatch(said -> said.fact().equals(cancellation))) {
            known.add(new Said<>(cancellation, time));
        }
        superseded
                .computeIfAbsent(cancellation.getBy(), none -> new LinkedHashSet<>())
                .add(cancellation.getRunId());
    }

    private void add(SoftLabelsAdded labels, Instant time) {
        if (softLabels.add(labels.getShard() + "/" + labels.getTeacher(), time, new Said<>(labels, time))) {
            labeledBy.compute(labels.getTeacher(), (teacher, known) -> Optional.ofNullable(known)
                    .orElse(new Tally(0, 0))
                    .and(labels));
        }
    }

    /** The same promotion said twice in a row is one. The topic loses nothing, so offsets are names that last. */
    private void add(Promoted promoted, PlacedFact placed) {
        if (!promoted.equals(holders.put(promoted.getRole(), promoted))) {
            String key = String.format("%020d", placed.place().offset());
            promotions.add(
                    key,
                    placed.fact().time(),
                    new Said<>(promoted, placed.fact().time()));
        }
    }

    /** The newest declaration; none where facts were read before it. */
    public Optional<Said<TaskDeclared>> declared() {
        return declared;
    }

    /** By digest. */
    public Timeline<Said<ShardAdded>> shards() {
        return shards;
    }

    /** By run id. */
    public Timeline<RunEntry> runs() {
        return runs;
    }

    /** By digest. */
    public Timeline<Said<CheckpointPublished>> checkpoints() {
        return checkpoints;
    }

    /** By shard and teacher: {@code shard/teacher}. */
    public Timeline<Said<SoftLabelsAdded>> softLabels() {
        return softLabels;
    }

    public Timeline<Said<Promoted>> promotions() {
        return promotions;
    }

    /** Those of the gate, and of people whose word it waited for. */
    public Timeline<Said<CandidateJudged>> judgements() {
        return judgements;
    }

    public Timeline<Said<DriftDetected>> drifts() {
        return drifts;
    }

    /** The newest that was said of how a run is getting on. */
    public Optional<Said<RunProgressed>> progress(String run) {
        return Optional.ofNullable(progress.get(run));
    }

    /** What was said to end a run, in the order in which it was said. */
    public List<Said<CancellationRequested>> cancellations(String run) {
        return List.copyOf(cancellations.getOrDefault(run, List.of()));
    }

    /** The runs whose place that one took. */
    public List<String> superseded(String run) {
        return List.copyOf(superseded.getOrDefault(run, Set.of()));
    }

    /** What a teacher has labeled, if it has labeled anything. */
    public Optional<Tally> labeledBy(String teacher) {
        return Optional.ofNullable(labeledBy.get(teacher));
    }
}
