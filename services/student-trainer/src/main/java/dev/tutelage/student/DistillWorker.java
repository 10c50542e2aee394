package dev.tutelage.student;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.format.Stage;
import dev.tutelage.learning.label.SoftLabels;
import dev.tutelage.learning.recipe.DistillRecipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.train.ClassifierModel;
import dev.tutelage.learning.train.Distillation;
import dev.tutelage.learning.train.LabeledShard;
import dev.tutelage.learning.train.StoredLogits;
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
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Distills a student from a teacher's soft labels alone (stage 3 of SimCLRv2). */
@ApplicationScoped
public class DistillWorker implements StageWorker {
    private final TrainingWork work;

    public DistillWorker(ServiceSettings settings) {
        this.work = new TrainingWork(settings.worker().snapshotEvery());
    }

    @Override
    public List<Message> work(RunRequested request, Workspace workspace)
            throws RunRejectedException, RunStoppedException, IOException {
        return work.run(request, workspace, DistillWorker::distill);
    }

    private static List<Message> distill(
            RunRequested request, Dataset dataset, Workspace workspace, TrainingContext context)
            throws IOException, RunRejectedException {
        Stopwatch stopwatch = Stopwatch.start();
        DistillRecipe recipe = Recipes.DISTILL.read(request.getRecipe());
        List<LabeledShard> shards = labeledShards(dataset, workspace);
        ImageSet heldOut = ShardImages.labeled(workspace, dataset, dataset.heldOut());
        Distillation.Sources sources = Distillation.Sources.of(new StoredLogits(shards));
        try (ClassifierModel model = Distillation.run(recipe, sources, heldOut, context)) {
            return List.of(Checkpoints.publishClassifier(
                    request, dataset, workspace, Stage.DISTILLED, model, recipe.seed(), stopwatch));
        }
    }

    private static List<LabeledShard> labeledShards(Dataset dataset, Workspace workspace)
            throws IOException, RunRejectedException {
        if (dataset.shards().size() != dataset.softLabels().size()) {
            throw new RunRejectedException("The dataset has " + dataset.shards().size() + " shards, but soft labels of "
                    + dataset.softLabels().size());
        }
        List<LabeledShard> shards = new ArrayList<>();
        for (int i = 0; i < dataset.shards().size(); i++) {
            ImageSet images =
                    ShardImages.of(workspace, dataset.shards().get(i), ShardImages.shape(dataset), OptionalInt.empty());
            SoftLabels labels =
                    SoftLabels.read(workspace.fetch(dataset.softLabels().get(i).artifact()));
            shards.add(new LabeledShard(images, labels));
        }
        return shards;
    }
}
