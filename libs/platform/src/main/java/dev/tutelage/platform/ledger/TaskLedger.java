package dev.tutelage.platform.ledger;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What the facts about one task add up to. Lists are in the order of the log. */
public final class TaskLedger {
    private TaskDeclared declaration;
    private final Map<String, ShardAdded> shards = new LinkedHashMap<>();
    private final Map<String, CheckpointPublished> checkpoints = new LinkedHashMap<>();
    private final Map<LabelKey, SoftLabelsAdded> softLabels = new LinkedHashMap<>();
    private final Map<String, RunChanged> runs = new LinkedHashMap<>();
    private final Map<Role, Promoted> holders = new LinkedHashMap<>();

    private record LabelKey(String shard, String teacher) {}

    TaskLedger(TaskDeclared declaration) {
        this.declaration = declaration;
    }

    void redeclare(TaskDeclared newer) {
        declaration = newer;
    }

    void add(Message fact) {
        if (fact instanceof ShardAdded shard) {
            shards.putIfAbsent(shard.getShard().getDigest(), shard);
        } else if (fact instanceof CheckpointPublished checkpoint) {
            checkpoints.putIfAbsent(checkpoint.getDigest(), checkpoint);
        } else if (fact instanceof SoftLabelsAdded labels) {
            softLabels.putIfAbsent(new LabelKey(labels.getShard(), labels.getTeacher()), labels);
        } else if (fact instanceof RunChanged run) {
            runs.merge(run.getRunId(), run, TaskLedger::later);
        } else if (fact instanceof Promoted promoted) {
            holders.put(promoted.getRole(), promoted);
        }
    }

    /** A run's end is final: what a repeated request or a late worker says after it does not undo it. */
    private static RunChanged later(RunChanged known, RunChanged said) {
        return isTerminal(known.getState()) ? known : said;
    }

    /** Whether a run in that state is over. */
    public static boolean isTerminal(RunState state) {
        return state == RunState.RUN_STATE_SUCCEEDED
                || state == RunState.RUN_STATE_FAILED
                || state == RunState.RUN_STATE_CANCELLED;
    }

    public TaskDeclared declaration() {
        return declaration;
    }

    public String name() {
        return declaration.getTask();
    }

    /** Shards without labels that may be learned from. */
    public List<ShardAdded> unlabeled() {
        return shards(shard -> !shard.getLabeled() && shard.getSplit() == Split.SPLIT_TRAIN);
    }

    /** Shards with labels that may be learned from. */
    public List<ShardAdded> labeled() {
        return shards(shard -> shard.getLabeled() && shard.getSplit() == Split.SPLIT_TRAIN);
    }

    /** Shards with labels that are for evaluation only. */
    public List<ShardAdded> heldOut() {
        return shards(shard -> shard.getLabeled() && shard.getSplit() == Split.SPLIT_HELD_OUT);
    }

    private List<ShardAdded> shards(Predicate<ShardAdded> wanted) {
        return shards.values().stream().filter(wanted).toList();
    }

    /** Checkpoints of all stages. */
    public List<CheckpointPublished> checkpoints() {
        return List.copyOf(checkpoints.values());
    }

    /** Checkpoints of a stage. */
    public List<CheckpointPublished> checkpoints(Stage stage) {
        return checkpoints.values().stream()
                .filter(checkpoint -> checkpoint.getStage() == stage)
                .toList();
    }

    public Optional<CheckpointPublished> checkpoint(String digest) {
        return Optional.ofNullable(checkpoints.get(digest));
    }

    /** The soft labels of a shard by a teacher. */
    public Optional<SoftLabelsAdded> softLabels(String shard, String teacher) {
        return Optional.ofNullable(softLabels.get(new LabelKey(shard, teacher)));
    }

    /** The newest promotion to a role. */
    public Optional<Promoted> holder(Role role) {
        return Optional.ofNullable(holders.get(role));
    }

    /** The runs of this stage on that parent that have ended without a result. */
    public List<RunChanged> failed(Stage stage, String parent) {
        return runs.values().stream()
                .filter(run -> run.getStage() == stage
                        && run.getParent().equals(parent)
                        && run.getState() == RunState.RUN_STATE_FAILED)
                .toList();
    }

    /** The state of a run, if it was ever requested. */
    public Optional<RunChanged> run(String runId) {
        return Optional.ofNullable(runs.get(runId));
    }

    /** All runs that were ever requested. */
    public List<RunChanged> runs() {
        return new ArrayList<>(runs.values());
    }
}
