package dev.tutelage.labeler;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.RejectionCount;
import dev.tutelage.event.v1.RejectionKind;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.SoftLabelQuality;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.hygiene.Findings;
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
import java.util.Map;
import java.util.OptionalInt;

/** Imputes a teacher's soft labels for a shard: logits for seeded views of each image, by ONNX Runtime. */
@ApplicationScoped
public class LabelWorker implements StageWorker {
    private final CurrentTeacher teachers = new CurrentTeacher();
    private final Hygiene hygiene;

    public LabelWorker(Hygiene hygiene) {
        this.hygiene = hygiene;
    }

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
        Findings findings = hygiene.inspect(request, recipe, images, workspace);
        ImageSet chosen = images.subset(findings.labeledIndices());
        SoftLabels labels = Labeling.run(
                        teacher,
                        chosen,
                        new SoftLabels.Origin(request.getParent(), shard.getDigest(), recipe),
                        done -> report(workspace, done, chosen.size()))
                .with(findings.relations());
        Path file = workspace.directory().resolve("soft-labels.safetensors");
        labels.write(file);
        Artifact logits = workspace.store(file, "soft-labels.safetensors");
        hygiene.made(logits, labels);
        return fact(request, labels, logits, findings.leaks().size(), workspace.rejectedImages());
    }

    private static void report(Workspace workspace, int done, int images) {
        workspace.report(
                RunProgressed.newBuilder().setPhase("label").setStep(done).setSteps(images));
    }

    private static SoftLabelsAdded fact(
            RunRequested request,
            SoftLabels labels,
            Artifact logits,
            int leaked,
            Map<RejectionKind, Integer> rejected) {
        SoftLabelsAdded.Builder fact = SoftLabelsAdded.newBuilder()
                .setTask(request.getTask())
                .setShard(request.getDataset().getDigest())
                .setTeacher(request.getParent())
                .setRunId(request.getRunId())
                .setViews(labels.views())
                .setLogits(logits)
                .setImages(labels.size())
                .setLinked(labels.relations().links().size())
                .setNearDuplicates(labels.relations().resemblances().size())
                .setLeaked(leaked);
        rejected.forEach((kind, images) -> {
            if (kind != RejectionKind.REJECTION_KIND_LEAKAGE) {
                fact.setRejected(fact.getRejected() + images)
                        .addRejectedByKind(
                                RejectionCount.newBuilder().setKind(kind).setImages(images));
            }
        });
        if (labels.size() > 0) {
            fact.setQuality(statistics(labels));
        }
        return fact.build();
    }

    private static SoftLabelQuality statistics(SoftLabels labels) {
        Quality quality = Quality.of(labels);
        SoftLabelQuality.Builder statistics = SoftLabelQuality.newBuilder()
                .setMeanConfidence(quality.meanConfidence())
                .setMeanEntropy(quality.meanEntropy());
        quality.classCounts().forEach(count -> statistics.addClassCounts(count));
        return statistics.build();
    }
}
