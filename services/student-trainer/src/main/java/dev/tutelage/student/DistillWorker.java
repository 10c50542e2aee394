package dev.tutelage.student;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.Stage;
import dev.tutelage.learning.recipe.DistillRecipe;
import dev.tutelage.learning.recipe.DistillRecipe.Start;
import dev.tutelage.learning.recipe.DistillRecipe.TeacherLogits;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.train.ClassifierModel;
import dev.tutelage.learning.train.Distillation;
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
import java.util.List;
import java.util.Optional;

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
            Teaching teaching = teacher.checkpoint().isPresent()
                    ? Teaching.live(teacher.checkpoint().get(), recipe, dataset, workspace)
                    : Teaching.stored(dataset, workspace);
            requireClasses(teaching.signal(), dataset);
            Distillation.Sources sources = new Distillation.Sources(
                    teaching.signal(), labeled, start.checkpoint().map(Checkpoint::weights));
            try (ClassifierModel model = Distillation.run(recipe, sources, heldOut, context)) {
                return List.of(Checkpoints.publishClassifier(
                        request,
                        dataset,
                        workspace,
                        Stage.DISTILLED,
                        model.with(teaching.metrics()),
                        recipe.seed(),
                        stopwatch));
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

    private static void requireClasses(TeacherSignal signal, Dataset dataset) throws RunRejectedException {
        if (signal.classes() != dataset.classes().size()) {
            throw new RunRejectedException("The teacher tells " + signal.classes() + " classes apart, the task has "
                    + dataset.classes().size());
        }
    }
}
