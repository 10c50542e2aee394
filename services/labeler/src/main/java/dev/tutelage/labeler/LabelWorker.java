package dev.tutelage.labeler;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.SoftLabelQuality;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.label.Labeling;
import dev.tutelage.learning.label.Quality;
import dev.tutelage.learning.label.SoftLabels;
import dev.tutelage.learning.label.Teacher;
import dev.tutelage.learning.recipe.InvalidRecipeException;
import dev.tutelage.learning.recipe.LabelRecipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.run.RunRejectedException;
import dev.tutelage.platform.run.StageWorker;
import dev.tutelage.platform.run.Workspace;
import dev.tutelage.stages.ShardImages;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** Imputes a teacher's soft labels for a shard: logits for seeded views of each image, by ONNX Runtime. */
@ApplicationScoped
public class LabelWorker implements StageWorker {
    private final CurrentTeacher teachers = new CurrentTeacher();

    @Override
    public List<Message> work(RunRequested request, Workspace workspace) throws RunRejectedException, IOException {
        try {
            return List.of(label(request, workspace));
        } catch (InvalidRecipeException e) {
            throw new RunRejectedException(e.getMessage(), e);
        }
    }

    private SoftLabelsAdded label(RunRequested request, Workspace workspace) throws RunRejectedException, IOException {
        Teacher teacher = teachers.load(request.getParent(), workspace);
        LabelRecipe recipe = Recipes.LABEL.read(request.getRecipe());
        Artifact shard = request.getDataset();
        Dataset.Part part = new Dataset.Part(shard.getDigest(), shard.getSize(), shard.getName());
        ImageSet images = ShardImages.of(workspace, part, teacher.images(), OptionalInt.empty());
        if (images.size() == 0) {
            throw new RunRejectedException("Shard " + shard.getDigest() + " holds no usable image: "
                    + workspace.rejections() + ". Correct it and add it again");
        }
        SoftLabels labels = Labeling.run(
                teacher,
                images,
                new SoftLabels.Origin(request.getParent(), shard.getDigest(), recipe),
                done -> report(workspace, done, images.size()));
        Path file = workspace.directory().resolve("soft-labels.safetensors");
        labels.write(file);
        return fact(request, labels, workspace.store(file, "soft-labels.safetensors"), workspace);
    }

    private static void report(Workspace workspace, int done, int images) {
        workspace.report(
                RunProgressed.newBuilder().setPhase("label").setStep(done).setSteps(images));
    }

    private static SoftLabelsAdded fact(RunRequested request, SoftLabels labels, Artifact logits, Workspace workspace) {
        Quality quality = Quality.of(labels);
        SoftLabelQuality.Builder statistics = SoftLabelQuality.newBuilder()
                .setMeanConfidence(quality.meanConfidence())
                .setMeanEntropy(quality.meanEntropy());
        quality.classCounts().forEach(count -> statistics.addClassCounts(count));
        return SoftLabelsAdded.newBuilder()
                .setTask(request.getTask())
                .setShard(request.getDataset().getDigest())
                .setTeacher(request.getParent())
                .setRunId(request.getRunId())
                .setViews(labels.views())
                .setLogits(logits)
                .setImages(labels.size())
                .setRejected(workspace.rejectedImages().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .setQuality(statistics)
                .build();
    }
}
