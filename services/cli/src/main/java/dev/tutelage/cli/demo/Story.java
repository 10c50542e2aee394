package dev.tutelage.cli.demo;

import com.google.protobuf.Message;
import dev.tutelage.event.Fact;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.run.RunId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the facts tell about the demo's task, as lines for people, and whether it has come to its end. */
final class Story {
    private final String task;
    private final Ledger ledger = new Ledger();
    private final Announcer announcer;
    private final long progressEveryNanos;
    private Optional<String> failure = Optional.empty();
    private long events;
    private long unlabeledImages;
    private long softLabels;
    private long lastProgress;

    /** Where lines go. */
    interface Announcer {
        /** Something has happened. */
        void say(String line);

        /** How something that is going on gets on; may overwrite the last such line. */
        void progress(String line);
    }

    Story(String task, Announcer announcer, long progressEveryNanos) {
        this.task = task;
        this.announcer = announcer;
        this.progressEveryNanos = progressEveryNanos;
        this.lastProgress = System.nanoTime() - progressEveryNanos;
    }

    /** Takes note of a fact. */
    void add(Fact said) {
        Message fact = said.payload();
        events++;
        ledger.add(fact, said.time());
        if (fact instanceof ShardAdded shard) {
            shard(shard);
        } else if (fact instanceof RunChanged run) {
            run(run);
        } else if (fact instanceof RunProgressed progressed) {
            progress(progressed);
        } else if (fact instanceof CheckpointPublished checkpoint) {
            checkpoint(checkpoint);
        } else if (fact instanceof SoftLabelsAdded labels) {
            softLabels += labels.getImages();
            progressLine(String.format(Locale.ROOT, "  soft labels: %,d images", softLabels));
        } else if (fact instanceof Promoted promoted) {
            announcer.say("event  promoted to " + name(promoted.getRole()) + ": " + brief(promoted.getCheckpoint())
                    + " (" + promoted.getEvidence().getReason() + ")");
        } else if (fact instanceof CandidateJudged judged && judged.getVerdict() != Verdict.VERDICT_PROMOTED) {
            announcer.say("event  not promoted: " + SecondAct.Rejected.of(judged));
        } else if (fact instanceof DeadLettered letter) {
            announcer.say("event  dead letter from the " + letter.getService() + ": " + letter.getReason());
        }
    }

    private void shard(ShardAdded shard) {
        if (shard.getSplit() == Split.SPLIT_HELD_OUT) {
            announcer.say(
                    String.format(Locale.ROOT, "event  %,d held-out images, for evaluation only", shard.getImages()));
        } else if (shard.getLabeled()) {
            announcer.say(String.format(Locale.ROOT, "event  %,d labeled images", shard.getImages()));
        } else {
            unlabeledImages += shard.getImages();
            progressLine(String.format(Locale.ROOT, "  streaming in: %,d unlabeled images", unlabeledImages));
        }
    }

    private void run(RunChanged run) {
        boolean label = run.getStage() == Stage.STAGE_LABEL;
        switch (run.getState()) {
            case RUN_STATE_REQUESTED -> sayUnless(label, run, "requested: " + run.getMessage());
            case RUN_STATE_STARTED -> sayUnless(label, run, "started by " + run.getWorker());
            case RUN_STATE_RESUMED -> sayUnless(false, run, "resumed by " + run.getWorker());
            case RUN_STATE_SUCCEEDED -> sayUnless(label, run, "succeeded");
            case RUN_STATE_FAILED -> {
                sayUnless(false, run, "failed: " + run.getMessage());
                failure = failure.or(() -> Optional.of(
                        RunId.nameOf(run.getStage()) + " run " + run.getRunId() + " failed: " + run.getMessage()));
            }
            default -> sayUnless(false, run, run.getState().name());
        }
    }

    private void sayUnless(boolean quiet, RunChanged run, String what) {
        if (!quiet) {
            announcer.say("event  " + RunId.nameOf(run.getStage()) + " " + what);
        }
    }

    private void checkpoint(CheckpointPublished checkpoint) {
        String top1 = Optional.ofNullable(checkpoint.getMetricsMap().get("top1"))
                .map(value -> String.format(Locale.ROOT, ", held-out top-1 %.2f%%", value))
                .orElse("");
        announcer.say(String.format(
                Locale.ROOT,
                "event  %s checkpoint %s: %,d parameters, %.0f s%s",
                RunId.nameOf(checkpoint.getStage()),
                brief(checkpoint.getDigest()),
                checkpoint.getParameters(),
                checkpoint.getSeconds(),
                top1));
    }

    private void progress(RunProgressed progress) {
        if (progress.getEpochs() > 0) {
            progressLine(String.format(
                    Locale.ROOT,
                    "  %-13s epoch %d/%d  loss %.3f  %,.0f images/s  %.0f s left",
                    progress.getPhase(),
                    progress.getEpoch(),
                    progress.getEpochs(),
                    progress.getLoss(),
                    progress.getImagesPerSecond(),
                    progress.getSecondsLeft()));
        }
    }

    private void progressLine(String line) {
        long now = System.nanoTime();
        if (now - lastProgress >= progressEveryNanos) {
            lastProgress = now;
            announcer.progress(line);
        }
    }

    /** Whether baseline, teacher and student are all there. */
    boolean isComplete() {
        return baseline().isPresent()
                && holder(Role.ROLE_TEACHER).isPresent()
                && holder(Role.ROLE_STUDENT).isPresent();
    }

    /** Whether all that the second act's images and labels set off has come to its end. */
    boolean isSecondActOver() {
        return ledger.task(task).filter(SecondAct::isOver).isPresent();
    }

    /** What the second act has changed. */
    SecondAct secondAct(int firstShards, long firstLabels) {
        return SecondAct.of(ledger.task(task).orElseThrow(), firstShards, firstLabels);
    }

    /** Why it can never come to its end, if so. */
    Optional<String> failure() {
        return failure;
    }

    Optional<CheckpointPublished> baseline() {
        return ledger.task(task).flatMap(known -> known.checkpoints(Stage.STAGE_SUPERVISED).stream()
                .findFirst());
    }

    /** The checkpoint that was the first to hold a role. */
    Optional<CheckpointPublished> first(Role role) {
        return ledger.task(task).flatMap(known -> known.promotions(role).stream()
                .findFirst()
                .flatMap(promoted -> known.checkpoint(promoted.getCheckpoint())));
    }

    Optional<CheckpointPublished> holder(Role role) {
        return ledger.task(task)
                .flatMap(known -> known.holder(role).flatMap(promoted -> known.checkpoint(promoted.getCheckpoint())));
    }

    /** Runs that are requested or going on, for a message about what is stuck. */
    List<String> open() {
        return ledger.task(task).stream()
                .flatMap(known -> known.runs().stream())
                .filter(run -> !TaskLedger.isTerminal(run.getState()))
                .map(run -> RunId.nameOf(run.getStage()) + " run " + run.getRunId())
                .toList();
    }

    /** Facts so far, of all kinds. */
    long events() {
        return events;
    }

    /** Images with soft labels. */
    long softLabels() {
        return softLabels;
    }

    private static String name(Role role) {
        return role.name().replace("ROLE_", "").toLowerCase(Locale.ROOT);
    }

    private static String brief(String digest) {
        return digest.substring(0, Math.min(12, digest.length()));
    }

    /** Seconds of training that it took to get a checkpoint: its own and those of the checkpoints that it was made from. */
    double trainingSeconds(CheckpointPublished checkpoint) {
        Map<String, CheckpointPublished> ancestors = new LinkedHashMap<>();
        collect(checkpoint, ancestors);
        return ancestors.values().stream()
                .mapToDouble(CheckpointPublished::getSeconds)
                .sum();
    }

    private void collect(CheckpointPublished checkpoint, Map<String, CheckpointPublished> ancestors) {
        if (ancestors.putIfAbsent(checkpoint.getDigest(), checkpoint) == null) {
            Stream.of(checkpoint.getParent(), checkpoint.getStart())
                    .flatMap(digest -> ledger.task(task).flatMap(known -> known.checkpoint(digest)).stream())
                    .forEach(ancestor -> collect(ancestor, ancestors));
        }
    }
}
