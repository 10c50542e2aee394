package dev.tutelage.gateway.console;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.SoftLabelQuality;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.log.FactLog;
import java.util.ArrayList;
import java.util.List;

/**
 * A task that has been learned from for long: 1,000,000 images in shards of 1,000, each labeled by a teacher but for a few, and
 * 10,000 runs, of which every one that trains has made a checkpoint, and every tenth checkpoint that competes for a role has taken
 * it. All is said as the services say it.
 */
final class Crowd {
    static final int SHARDS = 1000;
    static final int IMAGES_PER_SHARD = 1000;
    static final int RUNS = 10_000;

    private static final int LABELED_SHARDS = 5;
    private static final int HELD_OUT_SHARDS = 5;
    private static final int PROMOTED_EVERY = 10;
    private static final int TOLD_EVERY = 50;
    private static final int STEPS_TOLD = 40;
    private static final int AT_ONCE = 500;

    private final Story story;
    private final FactLog log;
    private final Artifact logits;
    private final List<Message> unsaid = new ArrayList<>();
    private int said;

    /** @param logits of {@value #IMAGES_PER_SHARD} images, stored; all shards share them */
    Crowd(Story story, FactLog log, Artifact logits) {
        this.story = story;
        this.log = log;
        this.logits = logits;
    }

    /**
     * Says all of it.
     *
     * @return how many facts that were
     */
    int say() throws Exception {
        add(story.declared());
        for (int i = 0; i < SHARDS; i++) {
            Split split = i < HELD_OUT_SHARDS ? Split.SPLIT_HELD_OUT : Split.SPLIT_TRAIN;
            add(story.shard(story.artifact(shard(i)), IMAGES_PER_SHARD, i < HELD_OUT_SHARDS + LABELED_SHARDS, split));
        }
        int labeling = SHARDS - HELD_OUT_SHARDS - LABELED_SHARDS;
        for (int i = 0; i < RUNS - labeling; i++) {
            train(i);
        }
        for (int i = 0; i < labeling; i++) {
            label(HELD_OUT_SHARDS + LABELED_SHARDS + i);
        }
        flush();
        return said;
    }

    private static String shard(int number) {
        return "shard-" + number;
    }

    private void train(int number) throws Exception {
        Stage stage = List.of(Stage.STAGE_PRETRAIN, Stage.STAGE_FINE_TUNE, Stage.STAGE_DISTILL)
                .get(number % 3);
        String run = "run-" + number;
        String made = "model-" + number;
        add(story.requested(run, stage, "1,000 images have come since the last one"));
        go(run, stage);
        if (number % TOLD_EVERY == 0) {
            for (int step = 1; step <= STEPS_TOLD; step++) {
                add(story.progressed(run, stage, step * 10L));
            }
        }
        String parent = stage == Stage.STAGE_PRETRAIN ? "" : "model-" + (number - 1);
        double top1 = stage == Stage.STAGE_PRETRAIN ? 0 : 60 + 30.0 * number / RUNS;
        add(story.checkpoint(made, stage, run, parent, top1));
        if (stage != Stage.STAGE_PRETRAIN && number / 3 % PROMOTED_EVERY == 0) {
            Role role = stage == Stage.STAGE_FINE_TUNE ? Role.ROLE_TEACHER : Role.ROLE_STUDENT;
            for (Message fact : story.promoted(made, role, top1)) {
                add(fact);
            }
        }
    }

    private void label(int number) throws Exception {
        String run = "label-" + number;
        go(run, Stage.STAGE_LABEL);
        add(SoftLabelsAdded.newBuilder()
                .setTask(story.declared().getTask())
                .setShard(story.digest(shard(number)))
                .setTeacher(story.digest("model-1"))
                .setRunId(run)
                .setViews(2)
                .setLogits(logits)
                .setImages(IMAGES_PER_SHARD)
                .setQuality(SoftLabelQuality.newBuilder().setMeanConfidence(0.8).setMeanEntropy(0.5))
                .build());
    }

    private void go(String run, Stage stage) throws Exception {
        for (RunState state :
                List.of(RunState.RUN_STATE_REQUESTED, RunState.RUN_STATE_STARTED, RunState.RUN_STATE_SUCCEEDED)) {
            add(story.changed(run, stage, state));
        }
    }

    private void add(Message fact) throws Exception {
        unsaid.add(fact);
        if (unsaid.size() == AT_ONCE) {
            flush();
        }
    }

    private void flush() throws Exception {
        log.publish(unsaid);
        said += unsaid.size();
        unsaid.clear();
    }
}
