package dev.tutelage.platform.ledger;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.ArtifactsExpired;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.TaskPaused;
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
    private final RunHistory runs = new RunHistory();
    private final RoleHistory roles = new RoleHistory();
    /** Places in {@link #unlabeled} of the shards that the teacher of the day was not asked to label. */
    private final NavigableSet<Integer> unasked = new TreeSet<>();

    private final Set<LabelKey> failedLabelRuns = new HashSet<>();
    private final Map<Window, DriftDetected> drifts = new LinkedHashMap<>();
    private final Arrivals arrivals = new Arrivals();
    private Optional<Instant> reselected = Optional.empty();
    private final Set<String> expired = new HashSet<>();
    private boolean paused;

    private record Window(String teacher, long number) {}

    private record LabelKey(String shard, String teacher) {}

    TaskLedger(TaskDeclared declaration) {
        this.declaration = declaration;
    }

    void redeclare(TaskDeclared newer, Instant said) {
        if (!newer.getSelection().equals(declaration.getSelection())) {
            reselected = Optional.of(said);
        }
        declaration = newer;
    }

    void add(Message fact, Instant said) {
        if (fact instanceof ShardAdded shard) {
            addShard(shard, said);
        } else if (fact instanceof CheckpointPublished checkpoint) {
            checkpoints.putIfAbsent(checkpoint.getDigest(), checkpoint);
        } else if (fact instanceof SoftLabelsAdded labels) {
            if (softLabels.putIfAbsent(new LabelKey(labels.getShard(), labels.getTeacher()), labels) == null) {
                arrivals.add(labels, said);
            }
            noteAsked(labels.getShard(), labels.getTeacher());
        } else if (fact instanceof RunChanged run) {
            runs.add(run);
            if (run.getStage() == Stage.STAGE_LABEL) {
                noteAsked(run.getDataset(), run.getParent());
                noteFailed(run);
            }
        } else if (fact instanceof RunRequested request) {
            addRequest(request, said);
        } else if (fact instanceof CancellationRequested cancellation) {
            runs.add(cancellation);
        } else if (fact instanceof TaskPaused pause) {
            paused = pause.getPaused();
        } else if (fact instanceof CandidateJudged judged) {
            roles.add(judged);
        } else if (fact instanceof Promoted promoted) {
            roles.add(promoted, said);
            if (promoted.getRole() == Role.ROLE_TEACHER) {
                findUnasked(promoted.getCheckpoint());
            }
        } else if (fact instanceof DriftDetected drift) {
            drifts.putIfAbsent(new Window(drift.getTeacher(), drift.getWindow()), drift);
        } else if (fact instanceof ArtifactsExpired expiration) {
            expiration.getArtifactsList().forEach(artifact -> expired.add(artifact.getDigest()));
        }
    }

    /** Of labeling it is enough to know what was asked for; there are as many requests as shards. */
    private void addRequest(RunRequested request, Instant said) {
        if (request.getStage() == Stage.STAGE_LABEL) {
            noteAsked(request.getDataset().getDigest(), request.getParent());
        } else {
            runs.add(request, said);
        }
    }

    /** By its final state, however often it is said; a retry may end better. */
    private void noteFailed(RunChanged run) {
        LabelKey key = new LabelKey(run.getDataset(), run.getParent());
        if (runs.hasEndedWithoutResult(run.getRunId())) {
            failedLabelRuns.add(key);
        } else {
            failedLabelRuns.remove(key);
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
            arrivals.addLabeled(shard, said);
        } else if (shard.getSplit() == Split.SPLIT_TRAIN) {
            places.put(digest, unlabeled.size());
            if (!isAsked(digest)) {
                unasked.add(unlabeled.size());
            }
            unlabeled.add(shard);
            unlabeledTimes.add(said);
            arrivals.addUnlabeled(shard, said);
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

    /** Whether a run in that state is over. */
    public static boolean isTerminal(RunState state) {
        return state == RunState.RUN_STATE_SUCCEEDED
                || state == RunState.RUN_STATE_FAILED
                || state == RunState.RUN_STATE_CANCELLED;
    }

    /**
     * Whether what is said of a run later takes the place of what is known. A run's end is final but for a retry: what a
     * repeated request or a late worker says after it does not undo it.
     */
    public static boolean isSuperseded(RunChanged known, RunChanged said) {
        return said.getRetry() == known.getRetry() ? !isTerminal(known.getState()) : said.getRetry() > known.getRetry();
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

    /** How much has come, and when. */
    public Arrivals arrivals() {
        return arrivals;
    }

    /** When the task was last declared with another selection than before. */
    public Optional<Instant> reselected() {
        return reselected;
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

    /** Whether an artifact is said to be removed, as the task's retention says: nothing can be made of it any more. */
    public boolean isExpired(String artifact) {
        return expired.contains(artifact);
    }

    /** Whether a teacher's labeling of a shard has ended without a result. */
    public boolean isLabelingFailed(String shard, String teacher) {
        return failedLabelRuns.contains(new LabelKey(shard, teacher));
    }

    /** Whether it was said that the images of a teacher's window, numbered from 0, have drifted. */
    public boolean isDriftDetected(String teacher, long window) {
        return drifts.containsKey(new Window(teacher, window));
    }

    /** What was said to have drifted, in the order of the log. */
    public List<DriftDetected> drifts() {
        return List.copyOf(drifts.values());
    }

    /** Whether the task's triggers are to ask for nothing. */
    public boolean isPaused() {
        return paused;
    }

    /** The newest promotion to a role. */
    public Optional<Promoted> holder(Role role) {
        return roles.holder(role);
    }

    /** All promotions to a role, in the order of the log. */
    public List<Promoted> promotions(Role role) {
        return roles.promotions(role);
    }

    /** What the gate said about a checkpoint that competes for a role, or a person whose word it waited for. */
    public Optional<CandidateJudged> judgement(Role role, String checkpoint) {
        return roles.judgement(role, checkpoint);
    }

    /** Whether a checkpoint waits for a person to give it a role, or to reject it. */
    public boolean isAwaitingApproval(Role role, String checkpoint) {
        return roles.isAwaitingApproval(role, checkpoint);
    }

    /** When the newest promotion to a role was said. */
    public Optional<Instant> holderSince(Role role) {
        return roles.holderSince(role);
    }

    /** Whether the newest promotion to a role comes after the newest to another one in the log. */
    public boolean isPromotedAfter(Role role, Role other) {
        return roles.isPromotedAfter(role, other);
    }

    /** When a checkpoint was first said to have taken a role. */
    public Optional<Instant> promotionTime(Role role, String checkpoint) {
        return roles.firstPromoted(role, checkpoint);
    }

    /** The runs of this stage on that parent that have ended without a result: have failed or were cancelled. */
    public List<RunChanged> failed(Stage stage, String parent) {
        return runs.runs().stream()
                .filter(run -> run.getStage() == stage
                        && run.getParent().equals(parent)
                        && RunHistory.isWithoutResult(run.getState()))
                .toList();
    }

    /** The state of a run, if it was ever requested. */
    public Optional<RunChanged> run(String runId) {
        return runs.run(runId);
    }

    /** All runs that were ever requested. */
    public List<RunChanged> runs() {
        return runs.runs();
    }

    /** What was asked for at a stage that trains, each run once, in the order in which they were first asked for. */
    public List<RunRequested> requests(Stage stage) {
        return runs.requests(stage);
    }

    /** The newest request of a run that trains. */
    public Optional<RunRequested> request(String runId) {
        return runs.request(runId);
    }

    /** When a run that trains was first asked for. */
    public Optional<Instant> requestTime(String runId) {
        return runs.requestTime(runId);
    }

    /** How many runs of a stage were asked for and are not at their end. */
    public long openRuns(Stage stage) {
        return stage == Stage.STAGE_LABEL
                // Each that is labeled, or could not be, was asked for.
                ? labelRuns.size() - softLabels.size() - failedLabelRuns.size()
                : runs.open(stage);
    }

    /** Whether a run is not at its end, as far as is known. */
    public boolean isOpen(String runId) {
        return runs.isOpen(runId);
    }

    /** Whether somebody wants that request of a run to end. */
    public boolean isCancelled(String runId, int retry) {
        return runs.isCancelled(runId, retry);
    }
}
