package dev.tutelage.gateway.console;

import dev.tutelage.control.role.HeldRole;
import dev.tutelage.control.role.RoleChange;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.gateway.console.Action.Question;
import dev.tutelage.gateway.history.History;
import dev.tutelage.gateway.history.Letters;
import dev.tutelage.gateway.history.RunEntry;
import dev.tutelage.platform.ledger.TaskLedger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** What can be done as things are. Call all methods while no fact is added. */
final class Actions {
    private static final Set<RunState> WITHOUT_RESULT =
            EnumSet.of(RunState.RUN_STATE_FAILED, RunState.RUN_STATE_CANCELLED);

    private Actions() {}

    /** Pause or resume. */
    static List<Action> ofTask(TaskLedger task) {
        String api = "/api" + Frame.path(task.name());
        return task.isPaused()
                ? List.of(new Action(
                        "resume",
                        "Resume",
                        api + "/resume",
                        "",
                        Question.NONE,
                        "The task goes on: its triggers ask for runs again.",
                        "tutelage resume " + task.name()))
                : List.of(new Action(
                        "pause",
                        "Pause",
                        api + "/pause",
                        "",
                        new Question(
                                "Let " + task.name() + " pause?",
                                "No run will be asked for until it is resumed. What is under way goes on, and images"
                                        + " are still taken.",
                                true),
                        "The task pauses: no run is asked for.",
                        "tutelage pause " + task.name()));
    }

    /** Cancel a run that has not ended, or retry one that has no result. */
    static List<Action> ofRun(TaskLedger task, RunEntry run) {
        String api = "/api/runs/" + Frame.segment(run.id());
        if (run.asked().isEmpty() && run.stage() != Stage.STAGE_LABEL) {
            // Without its request nobody can ask for it again, or tell which request is to end.
            return List.of();
        } else if (WITHOUT_RESULT.contains(run.state())) {
            return List.of(new Action(
                    "retry",
                    "Retry",
                    api + "/retry",
                    "",
                    new Question(
                            "Retry this run?",
                            "It is asked for again. A worker goes on from its newest snapshot, or begins anew where"
                                    + " there is none.",
                            false),
                    "The run is asked for again; a worker takes it up.",
                    "tutelage retry " + run.id()));
        }
        return run.isOpen() && !task.isCancelled(run.id(), run.retry())
                ? List.of(new Action(
                        "cancel",
                        "Cancel the run",
                        api + "/cancel",
                        "",
                        new Question(
                                "Cancel this run?",
                                "The worker that has it ends it. What it has learned since its last snapshot is lost;"
                                        + " it can be retried from there.",
                                true),
                        "The run is asked to end; its worker ends it in a moment.",
                        "tutelage cancel " + run.id()))
                : List.of();
    }

    /** Give the checkpoint a role that it can have and does not hold, or approve or reject it where that is waited for. */
    static List<Action> ofModel(TaskLedger task, CheckpointPublished checkpoint) {
        List<Action> actions = new ArrayList<>();
        for (HeldRole held : HeldRole.values()) {
            change(task, held, change -> change.promote(Optional.of(checkpoint.getDigest()), Optional.empty()))
                    .ifPresent(promoted -> actions.add(promotion(task, held, promoted)));
            if (task.isAwaitingApproval(held.role(), checkpoint.getDigest())) {
                actions.add(rejection(task, held, checkpoint.getDigest()));
            }
        }
        return actions;
    }

    private static Action promotion(TaskLedger task, HeldRole held, Promoted promoted) {
        boolean approval = task.isAwaitingApproval(promoted.getRole(), promoted.getCheckpoint());
        String digest = promoted.getCheckpoint();
        String role = held.text();
        return new Action(
                "promote-" + role,
                approval ? "Approve as " + role : "Make it the " + role,
                "/api" + Frame.path(task.name()) + "/promotions",
                body(held, digest),
                new Question(
                        (approval ? "Approve it as the " : "Make it the ") + role + "?",
                        described(task, digest) + " becomes the " + role + " of " + task.name() + ". "
                                + taken(task, promoted) + consequence(held)
                                + (approval ? "" : " It is promoted whatever the gate says of it."),
                        true),
                "It is the " + role + " now.",
                "tutelage promote " + task.name() + " " + role + " " + Say.digest(digest));
    }

    private static Action rejection(TaskLedger task, HeldRole held, String digest) {
        String role = held.text();
        return new Action(
                "reject-" + role,
                "Reject as " + role,
                "/api" + Frame.path(task.name()) + "/rejections",
                body(held, digest),
                new Question(
                        "Reject it as the " + role + "?",
                        described(task, digest) + " does not become the " + role + " of " + task.name()
                                + " and waits no longer. It can be made the " + role + " by hand all the same.",
                        true),
                "It is rejected, and waits no longer.",
                "tutelage reject " + task.name() + " " + role + " " + Say.digest(digest));
    }

    /** Give a role back to who held it before. */
    static List<Action> ofRoles(TaskLedger task) {
        List<Action> actions = new ArrayList<>();
        for (HeldRole held : HeldRole.values()) {
            change(task, held, change -> change.rollback(Optional.empty(), Optional.empty()))
                    .ifPresent(promoted -> actions.add(rollback(task, held, promoted)));
        }
        return actions;
    }

    private static Action rollback(TaskLedger task, HeldRole held, Promoted promoted) {
        String role = held.text();
        return new Action(
                "rollback-" + role,
                "Roll the " + role + " back to " + Say.digest(promoted.getCheckpoint()),
                "/api" + Frame.path(task.name()) + "/rollbacks",
                // It is named, so that what is said twice goes back once.
                body(held, promoted.getCheckpoint()),
                new Question(
                        "Roll the " + role + " back?",
                        described(task, promoted.getCheckpoint()) + ", which held the role before, becomes the " + role
                                + " of " + task.name() + " again. " + taken(task, promoted) + consequence(held),
                        true),
                "The " + role + " is rolled back.",
                "tutelage rollback " + task.name() + " " + role);
    }

    /** What would be said; nothing where it would be refused, or the checkpoint's files are gone. */
    private static Optional<Promoted> change(TaskLedger task, HeldRole held, Function<RoleChange, Promoted> wanted) {
        try {
            return Optional.of(wanted.apply(new RoleChange(task, held, "")))
                    .filter(promoted -> !task.isExpired(promoted.getCheckpoint()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String body(HeldRole held, String digest) {
        return Action.json(new TreeMap<>(Map.of("role", held.text(), "checkpoint", digest)));
    }

    private static String taken(TaskLedger task, Promoted promoted) {
        return promoted.getPrevious().isEmpty()
                ? "Nobody holds the role now."
                : "It takes the place of " + described(task, promoted.getPrevious()) + ".";
    }

    private static String consequence(HeldRole held) {
        return held == HeldRole.TEACHER
                ? " Images are labeled by it from then on."
                : " Predictions come from it from then on.";
    }

    private static String described(TaskLedger task, String digest) {
        return "Checkpoint " + Say.digest(digest)
                + task.checkpoint(digest)
                        .filter(known -> known.containsMetrics("top1"))
                        .map(known -> " (held-out top-1 " + Say.percent(known.getMetricsOrThrow("top1")) + ")")
                        .orElse("");
    }

    /** Put what a dead letter is about in its place again, unless its run is under way or has a result. */
    static List<Action> ofLetter(History history, Letters.Entry letter) {
        String run = letter.letter().getRunId();
        boolean replayable = history.letters().replayed(letter).isEmpty()
                && (run.isEmpty()
                        || history.taskOfRun(run)
                                .flatMap(history::task)
                                .flatMap(task -> task.runs().get(run))
                                .filter(known -> WITHOUT_RESULT.contains(known.state()))
                                .isPresent());
        return replayable
                ? List.of(new Action(
                        "replay-" + letter.offset(),
                        "Replay",
                        "/api/dead-letters/" + letter.offset() + "/replay",
                        "",
                        new Question(
                                "Replay dead letter " + letter.offset() + "?",
                                run.isEmpty()
                                        ? "Its record is put on "
                                                + letter.letter().getSourceTopic()
                                                + " again. Where the cause is still there, it comes back."
                                        : "Its run is asked for again. Where the cause is still there, it fails again.",
                                false),
                        "Dead letter " + letter.offset() + " is replayed.",
                        "tutelage dead-letters replay " + letter.offset()))
                : List.of();
    }
}
