package dev.tutelage.platform.ledger;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the facts about one task add up to. Lists are in the order of the log. */
public final class TaskLedger {
    private static final int ELSEWHERE = -1;

    private TaskDeclared declaration;
    /** Where in {@link #unlabeled} each shard is; that of a shard that is not there is {@link #ELSEWHERE}. */
    private final Map<String, Integer> places = new HashMap<>();

    private final List<ShardAdded> unlabeled = new ArrayList<>();
    private final List<Instant> unlabeledTimes = new ArrayList<>();
    private final List<ShardAdded> labeled = new ArrayList<>();
    private final List<ShardAdded> heldOut = new ArrayList<>();
    private final Map<String, CheckpointPublished> checkpoints = new LinkedHashMap<>();
    private final Map<LabelKey, SoftLabelsAdded> softLabels = new LinkedHashMap<>();
    private final Set<LabelKey> labelRuns = new HashSet<>();
    private final Map<String, RunChanged> runs = new LinkedHashMap<>();
    private final Map<Role, Promoted> holders = new LinkedHashMap<>();
    private final Map<Promotion, Instant> promotionTimes = new HashMap<>();
    /** Places in {@link #unlabeled} of the shards that the teacher of the day was not asked to label. */
    private final NavigableSet<Integer> unasked = new TreeSet<>();

    private final Set<LabelKey> failedLabelRuns = new HashSet<>();
    private final Set<Window> drifted = new HashSet<>();

    private record Window(String teacher, long number) {}

    private record LabelKey(String shard, String teacher) {}

    private record Promotion(Role role, String checkpoint) {}

    TaskLedger(TaskDeclared declaration) {
        this.declaration = declaration;
    }

    void redeclare(TaskDeclared newer) {
        declaration = newer;
    }

    void add(Message fact, Instant said) {
        if (fact instanceof ShardAdded shard) {
            addShard(shard, said);
        } else if (fact instanceof CheckpointPublished checkpoint) {
            checkpoints.putIfAbsent(checkpoint.getDigest(), checkpoint);
        } else if (fact instanceof SoftLabelsAdded labels) {
            softLabels.putIfAbsent(new LabelKey(labels.getShard(), labels.getTeacher()), labels);
            noteAsked(labels.getShard(), labels.getTeacher());
        } else if (fact instanceof RunChanged run) {
            runs.merge(run.getRunId(), run, TaskLedger::later);
            if (run.getStage() == Stage.STAGE_LABEL) {
                noteAsked(run.getDataset(), run.getParent());
                noteFailed(run);
            }
        } else if (fact instanceof Promoted promoted) {
            promotionTimes.putIfAbsent(new Promotion(promoted.getRole(), promoted.getCheckpoint()), said);
            holders.put(promoted.getRole(), promoted);
            if (promoted.getRole() == Role.ROLE_TEACHER) {
                findUnasked(promoted.getCheckpoint());
            }
        } else if (fact instanceof DriftDetected drift) {
            drifted.add(new Window(drift.getTeacher(), drift.getWindow()));
        }
    }

    /** By its final state, however often it is said. */
    private void noteFailed(RunChanged run) {
        if (runs.get(run.getRunId()).getState() == RunState.RUN_STATE_FAILED) {
            failedLabelRuns.add(new LabelKey(run.getDataset(), run.getParent()));
        }
    }

    /** A shard is known by its digest; whatever is said of it later changes nothing. */
    private void addShard(ShardAdded shard, Instant said) {
        String digest = shard.getShard().getDigest();
        if (places.putIfAbsent(digest, ELSEWHERE) != null) {
            return;
        }
        if (shard.getSplit() == Split.SPLIT_HELD_OUT && shard.getLabeled()) {
            heldOut.add(shard);
        } else if (shard.getSplit() == Split.SPLIT_TRAIN && shard.getLabeled()) {
            labeled.add(shard);
        } else if (shard.getSplit() == Split.SPLIT_TRAIN) {
            places.put(digest, unlabeled.size());
            if (!isAsked(digest)) {
                unasked.add(unlabeled.size());
            }
            unlabeled.add(shard);
            unlabeledTimes.add(said);
        }
    }

    private boolean isAsked(String shard) {
        return holder(Role.ROLE_TEACHER)
                .filter(teacher -> isAsked(shard, teacher.getCheckpoint()))
                .isPresent();
    }

    private void noteAsked(String shard, String teacher) {
        labelRuns.add(new LabelKey(shard, teacher));
        holder(Role.ROLE_TEACHER)
                .filter(holder -> holder.getCheckpoint().equals(teacher))
                .flatMap(holder -> Optional.ofNullable(places.get(shard)))
                .ifPresent(unasked::remove);
    }

    private void findUnasked(String teacher) {
        unasked.clear();
        for (int place = 0; place < unlabeled.size(); place++) {
            String shard = unlabeled.get(place).getShard().getDigest();
            if (!isAsked(shard, teacher)) {
                unasked.add(place);
            }
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
        return Collections.unmodifiableList(unlabeled);
    }

    /** When each of {@link #unlabeled} was said to have come. */
    public List<Instant> unlabeledTimes() {
        return Collections.unmodifiableList(unlabeledTimes);
    }

    /** Places in {@link #unlabeled} of the shards that the teacher of the day was not asked to label, ascending. */
    public NavigableSet<Integer> unasked() {
        return Collections.unmodifiableNavigableSet(unasked);
    }

    /** Whether a teacher was ever asked to label a shard, however that ended. */
    public boolean isAsked(String shard, String teacher) {
        return labelRuns.contains(new LabelKey(shard, teacher));
    }

    /** Shards with labels that may be learned from. */
    public List<ShardAdded> labeled() {
        return Collections.unmodifiableList(labeled);
    }

    /** Shards with labels that are for evaluation only. */
    public List<ShardAdded> heldOut() {
        return Collections.unmodifiableList(heldOut);
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

    /** Whether a teacher's labeling of a shard has ended without a result. */
    public boolean isLabelingFailed(String shard, String teacher) {
        return failedLabelRuns.contains(new LabelKey(shard, teacher));
    }

    /** Whether it was said that the images of a teacher's window, numbered from 0, have drifted. */
    public boolean isDriftDetected(String teacher, long window) {
        return drifted.contains(new Window(teacher, window));
    }

    /** The newest promotion to a role. */
    public Optional<Promoted> holder(Role role) {
        return Optional.ofNullable(holders.get(role));
    }

    /** When a checkpoint was first said to have taken a role. */
    public Optional<Instant> promotionTime(Role role, String checkpoint) {
        return Optional.ofNullable(promotionTimes.get(new Promotion(role, checkpoint)));
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
