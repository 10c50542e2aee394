package dev.tutelage.student;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.Stage;
import dev.tutelage.learning.label.SoftLabels;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.recipe.DistillRecipe;
import dev.tutelage.learning.recipe.DistillRecipe.Start;
import dev.tutelage.learning.recipe.DistillRecipe.TeacherLogits;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.train.ClassifierModel;
import dev.tutelage.learning.train.Distillation;
import dev.tutelage.learning.train.LabeledShard;
import dev.tutelage.learning.train.LiveTeacher;
import dev.tutelage.learning.train.StoredLogits;
import dev.tutelage.learning.train.TeacherSignal;
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
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Distills a student from its teacher (stage 3 of SimCLRv2): from soft labels or beside the teacher, with labels or
 * without; and a teacher to its own kind.
 */
@ApplicationScoped
public class DistillWorker implements StageWorker {
    private final TrainingWork work;

    public DistillWorker(ServiceSettings settings) {
        this.work = new TrainingWork(settings);
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
        if (recipe.start() == Start.PRETRAINED && request.getStart().isEmpty()) {
            throw new RunRejectedException("start is PRETRAINED, but the teacher comes from no pretrained checkpoint."
                    + " Use RANDOM or PREVIOUS_STUDENT");
        }
        ImageSet heldOut = ShardImages.labeled(workspace, dataset, dataset.heldOut());
        Optional<ImageSet> labeled = recipe.usesLabels()
                ? Optional.of(ShardImages.labeled(workspace, dataset, dataset.labeled()))
                : Optional.empty();
        try (Fetched teacher = recipe.teacher() == TeacherLogits.LIVE
                        ? Fetched.checkpoint(workspace, request.getParent())
                        : Fetched.nothing();
                Fetched start = Fetched.checkpoint(workspace, request.getStart())) {
            TeacherSignal signal = teacher.checkpoint().isPresent()
                    ? live(teacher.checkpoint().get(), recipe, dataset, workspace)
                    : new StoredLogits(labeledShards(dataset, workspace));
            requireClasses(signal, dataset);
            Distillation.Sources sources =
                    new Distillation.Sources(signal, labeled, start.checkpoint().map(Checkpoint::weights));
            try (ClassifierModel model = Distillation.run(recipe, sources, heldOut, context)) {
                return List.of(Checkpoints.publishClassifier(
                        request, dataset, workspace, Stage.DISTILLED, model, recipe.seed(), stopwatch));
            }
        }
    }

    /** A checkpoint that the run needs, to be closed after it, or none. */
    private record Fetched(Optional<Checkpoint> checkpoint) implements AutoCloseable {

        static Fetched nothing() {
            return new Fetched(Optional.empty());
        }

        /** @param digest empty for none */
        static Fetched checkpoint(Workspace workspace, String digest) throws IOException, RunRejectedException {
            return digest.isEmpty()
                    ? nothing()
                    : new Fetched(Optional.of(Checkpoint.read(Checkpoints.fetch(workspace, digest))));
        }

        @Override
        public void close() {
            checkpoint.ifPresent(Checkpoint::close);
        }
    }

    private static TeacherSignal live(Checkpoint teacher, DistillRecipe recipe, Dataset dataset, Workspace workspace)
            throws IOException, RunRejectedException {
        Classifier classifier = teacher.predicting().classifier();
        ImageSet images = ShardImages.unlabeled(workspace, dataset, dataset.shards());
        return new LiveTeacher(classifier, teacher.weights(), images, recipe.crop(), recipe.seed());
    }

    private static void requireClasses(TeacherSignal signal, Dataset dataset) throws RunRejectedException {
        if (signal.classes() != dataset.classes().size()) {
            throw new RunRejectedException("The teacher tells " + signal.classes() + " classes apart, the task has "
                    + dataset.classes().size());
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
