package dev.tutelage.finetuner;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.Stage;
import dev.tutelage.learning.recipe.FineTuneRecipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.recipe.SupervisedRecipe;
import dev.tutelage.learning.train.ClassifierModel;
import dev.tutelage.learning.train.FineTuning;
import dev.tutelage.learning.train.PretrainedModel;
import dev.tutelage.learning.train.Supervised;
import dev.tutelage.learning.train.TrainingContext;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.run.RunRejectedException;
import dev.tutelage.platform.run.RunStoppedException;
import dev.tutelage.platform.run.StageWorker;
import dev.tutelage.platform.run.Workspace;
import dev.tutelage.platform.service.ServiceSettings;
import dev.tutelage.stages.Checkpoints;
import dev.tutelage.stages.ShardImages;
import dev.tutelage.stages.Stopwatch;
import dev.tutelage.stages.TrainingWork;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;

/** Fine-tunes a pretrained encoder on the labels there are (stage 2 of SimCLRv2), and trains the supervised baseline. */
@ApplicationScoped
public class FineTuneWorker implements StageWorker {
    private final TrainingWork work;

    public FineTuneWorker(ServiceSettings settings) {
        this.work = new TrainingWork(settings);
    }

    @Override
    public List<Message> work(RunRequested request, Workspace workspace)
            throws RunRejectedException, RunStoppedException, IOException {
        return switch (request.getStage()) {
            case STAGE_FINE_TUNE -> work.run(request, workspace, FineTuneWorker::fineTune);
            case STAGE_SUPERVISED -> work.run(request, workspace, FineTuneWorker::supervised);
            default -> throw new RunRejectedException("The fine-tuner does not do runs of " + request.getStage());
        };
    }

    private static List<Message> fineTune(
            RunRequested request, Dataset dataset, Workspace workspace, TrainingContext context)
            throws IOException, RunRejectedException {
        Stopwatch stopwatch = Stopwatch.start();
        FineTuneRecipe recipe = Recipes.FINE_TUNE.read(request.getRecipe());
        ImageSet labeled = ShardImages.labeled(workspace, dataset, dataset.shards());
        ImageSet heldOut = ShardImages.labeled(workspace, dataset, dataset.heldOut());
        try (PretrainedModel parent = PretrainedModel.of(
                        Checkpoint.readPretrained(Checkpoints.fetch(workspace, request.getParent())));
                ClassifierModel model = FineTuning.run(
                        recipe, parent, labeled, dataset.classes().size(), heldOut, context)) {
            return List.of(Checkpoints.publishClassifier(
                    request, dataset, workspace, Stage.FINE_TUNED, model, recipe.seed(), stopwatch));
        }
    }

    private static List<Message> supervised(
            RunRequested request, Dataset dataset, Workspace workspace, TrainingContext context)
            throws IOException, RunRejectedException {
        Stopwatch stopwatch = Stopwatch.start();
        SupervisedRecipe recipe = Recipes.SUPERVISED.read(request.getRecipe());
        ImageSet labeled = ShardImages.labeled(workspace, dataset, dataset.shards());
        ImageSet heldOut = ShardImages.labeled(workspace, dataset, dataset.heldOut());
        try (ClassifierModel model =
                Supervised.run(recipe, labeled, dataset.classes().size(), heldOut, context)) {
            return List.of(Checkpoints.publishClassifier(
                    request, dataset, workspace, Stage.SUPERVISED, model, recipe.seed(), stopwatch));
        }
    }
}
