package dev.tutelage.pretrainer;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.format.Architecture;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.Manifest;
import dev.tutelage.learning.format.Stage;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.train.PretrainedModel;
import dev.tutelage.learning.train.Pretraining;
import dev.tutelage.learning.train.Probe;
import dev.tutelage.learning.train.TrainingContext;
import dev.tutelage.learning.train.WarmStart;
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
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Pretrains an encoder on unlabeled images (stage 1 of SimCLRv2), at first or going on from an earlier one. */
@ApplicationScoped
public class PretrainWorker implements StageWorker {
    private final TrainingWork work;

    public PretrainWorker(ServiceSettings settings) {
        this.work = new TrainingWork(settings);
    }

    @Override
    public List<Message> work(RunRequested request, Workspace workspace)
            throws RunRejectedException, RunStoppedException, IOException {
        return work.run(request, workspace, PretrainWorker::pretrain);
    }

    private static List<Message> pretrain(
            RunRequested request, Dataset dataset, Workspace workspace, TrainingContext context)
            throws IOException, RunRejectedException {
        Stopwatch stopwatch = Stopwatch.start();
        PretrainRecipe recipe = Recipes.PRETRAIN.read(request.getRecipe());
        ImageSet images = ShardImages.unlabeled(workspace, dataset, dataset.shards());
        Optional<Probe> probe = recipe.probe().on() ? Optional.of(probe(dataset, workspace)) : Optional.empty();
        try (Start start = start(request, dataset, workspace);
                PretrainedModel model = Pretraining.run(recipe, images, start.warm(), probe, context)) {
            Checkpoints.Trained trained = new Checkpoints.Trained(
                    Stage.PRETRAINED,
                    new Architecture.Pretrained(model.encoder(), model.head()),
                    model.weights(),
                    model.metrics(),
                    List.of(),
                    recipe.seed(),
                    Optional.empty(),
                    stopwatch.elapsed());
            return List.of(Checkpoints.publish(request, dataset, trained, workspace));
        }
    }

    /** What it goes on from, whose weights are closed with it, or nothing. */
    private record Start(Optional<WarmStart> warm) implements AutoCloseable {
        @Override
        public void close() {
            warm.ifPresent(start -> start.from().close());
        }
    }

    private static Start start(RunRequested request, Dataset dataset, Workspace workspace)
            throws IOException, RunRejectedException {
        if (request.getStart().isEmpty()) {
            return new Start(Optional.empty());
        }
        Path directory = Checkpoints.fetch(workspace, request.getStart());
        Manifest manifest = Checkpoint.readManifest(directory);
        if (!(manifest.architecture() instanceof Architecture.Pretrained)) {
            throw new RunRejectedException(
                    "Checkpoint " + request.getStart() + ", which pretraining is to go on from, is a "
                            + manifest.provenance().stage().text()
                            + " one: only a pretrained or imported one has a projection head");
        }
        Optional<ImageSet> replayed = dataset.replayed().isEmpty()
                ? Optional.empty()
                : Optional.of(ShardImages.unlabeled(workspace, dataset, dataset.replayed()));
        return new Start(
                Optional.of(new WarmStart(PretrainedModel.of(Checkpoint.readPretrained(directory)), replayed)));
    }

    private static Probe probe(Dataset dataset, Workspace workspace) throws IOException, RunRejectedException {
        return new Probe(
                ShardImages.labeled(workspace, dataset, dataset.labeled()),
                ShardImages.labeled(workspace, dataset, dataset.heldOut()),
                dataset.classes().size());
    }
}
