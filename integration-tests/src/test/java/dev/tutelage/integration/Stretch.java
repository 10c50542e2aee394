package dev.tutelage.integration;

import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import java.time.Duration;

/** A part of the loop that one service does: what sets it off, and when it is done. */
enum Stretch {
    PRETRAINING("pretrainer", Stage.STAGE_PRETRAIN) {
        @Override
        void begin(TinyTask task) throws Exception {
            task.declare();
            task.addUnlabeled(TinyTask.UNLABELED);
        }

        @Override
        boolean isDone(Watcher watcher) {
            return !watcher.checkpoints(Stage.STAGE_PRETRAIN).isEmpty();
        }
    },
    FINE_TUNING("fine-tuner", Stage.STAGE_FINE_TUNE) {
        @Override
        void begin(TinyTask task) throws Exception {
            task.declare();
            task.addHeldOutAndLabeled();
            task.addUnlabeled(TinyTask.UNLABELED);
        }

        @Override
        boolean isDone(Watcher watcher) {
            return !watcher.promotions(Role.ROLE_TEACHER).isEmpty();
        }
    },
    LABELING("labeler", Stage.STAGE_LABEL) {
        @Override
        void begin(TinyTask task) throws Exception {
            task.declare();
            task.promoteRandomTeacher(1);
            new ShardRiver(task).add(SHARDS);
        }

        @Override
        boolean isDone(Watcher watcher) {
            return watcher.softLabels().size() >= SHARDS;
        }
    },
    DISTILLATION("student-trainer", Stage.STAGE_DISTILL) {
        @Override
        void begin(TinyTask task) throws Exception {
            task.declare();
            task.promoteRandomTeacher(1);
            task.addHeldOut();
            task.addUnlabeled(TinyTask.UNLABELED);
        }

        @Override
        boolean isDone(Watcher watcher) {
            return !watcher.promotions(Role.ROLE_STUDENT).isEmpty();
        }
    };

    private static final int SHARDS = 24;
    private static final Duration PATIENCE = FaultBed.PATIENCE;

    private final String service;
    private final Stage stage;

    Stretch(String service, Stage stage) {
        this.service = service;
        this.stage = stage;
    }

    /** Brings what is needed to set it off. */
    abstract void begin(TinyTask task) throws Exception;

    abstract boolean isDone(Watcher watcher);

    /** Both processes of the service that does it. */
    String[] processes() {
        return new String[] {service, service + "-2"};
    }

    void awaitStart(Watcher watcher) {
        watcher.await(this + " has begun", PATIENCE, () -> watcher.hasStarted(stage));
    }

    void awaitEnd(Watcher watcher) {
        watcher.await(this + " is done", PATIENCE, () -> isDone(watcher));
    }
}
