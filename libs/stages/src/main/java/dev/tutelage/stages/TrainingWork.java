package dev.tutelage.stages;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.learning.train.DivergedException;
import dev.tutelage.learning.train.TrainingContext;
import dev.tutelage.learning.train.TrainingStopped;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.run.RunRejectedException;
import dev.tutelage.platform.run.RunStoppedException;
import dev.tutelage.platform.run.Workspace;
import dev.tutelage.platform.service.ServiceSettings;
import java.io.IOException;
import java.util.List;

/** The work of a run that trains: gives the training its surroundings, and translates how it may end. */
public final class TrainingWork {

    /** One stage's training. */
    @FunctionalInterface
    public interface Stage {
        /**
         * Trains and stores the result.
         *
         * @return facts about the result
         */
        List<Message> train(RunRequested request, Dataset dataset, Workspace workspace, TrainingContext context)
                throws IOException, RunRejectedException;
    }

    private final ServiceSettings.Worker settings;

    public TrainingWork(ServiceSettings settings) {
        this.settings = settings.worker();
        if (this.settings.devices() < 0) {
            throw new IllegalArgumentException(
                    "tutelage.worker.devices is " + this.settings.devices() + ": it must be 0 (all) or more");
        }
    }

    /**
     * Runs a stage.
     *
     * @throws RunRejectedException if the recipe or the data are wrong, or the training diverged: it would do so again,
     *     because every attempt makes the same steps
     */
    public List<Message> run(RunRequested request, Workspace workspace, Stage stage)
            throws IOException, RunRejectedException, RunStoppedException {
        Dataset dataset = workspace.dataset(request.getDataset());
        try {
            return stage.train(
                    request,
                    dataset,
                    workspace,
                    WorkspaceTraining.context(
                            workspace, settings.snapshotEvery(), TrainingContext.devices(settings.devices())));
        } catch (TrainingStopped e) {
            throw new RunStoppedException(e.getMessage());
        } catch (DivergedException | IllegalArgumentException e) {
            throw new RunRejectedException(e.getMessage(), e);
        }
    }
}
