package dev.tutelage.stages;

import ai.djl.Device;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.learning.train.Progress;
import dev.tutelage.learning.train.Snapshots;
import dev.tutelage.learning.train.TrainingContext;
import dev.tutelage.learning.train.TrainingObserver;
import dev.tutelage.platform.run.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A training as part of a run: its progress becomes facts, its snapshots go to the artifact store. */
public final class WorkspaceTraining {

    private WorkspaceTraining() {}

    /** The surroundings of a training in a run. */
    public static TrainingContext context(Workspace workspace, Duration snapshotEvery, List<Device> devices) {
        return new TrainingContext(observer(workspace), snapshots(workspace), snapshotEvery, devices);
    }

    private static TrainingObserver observer(Workspace workspace) {
        return new TrainingObserver() {
            @Override
            public void progress(Progress progress) {
                workspace.report(fact(progress));
            }

            @Override
            public boolean stopRequested() {
                return workspace.stopRequested();
            }
        };
    }

    private static Snapshots snapshots(Workspace workspace) {
        return new Snapshots() {
            @Override
            public List<Path> newestFirst() throws IOException {
                return workspace.snapshots().fetchNewestFirst();
            }

            @Override
            public void save(long step, Path file) throws IOException {
                workspace.snapshots().save(step, file);
            }
        };
    }

    private static RunProgressed.Builder fact(Progress progress) {
        return RunProgressed.newBuilder()
                .setPhase(progress.phase())
                .setStep(progress.step())
                .setSteps(progress.totalSteps())
                .setEpoch(progress.epoch())
                .setEpochs(progress.epochs())
                .setLoss(progress.loss())
                .setLearningRate(progress.learningRate())
                .setImagesPerSecond(progress.imagesPerSecond())
                .setSecondsLeft(progress.secondsLeft())
                .putAllMetrics(progress.metrics());
    }
}
