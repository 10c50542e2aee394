package dev.tutelage.labeler;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.RejectionCount;
import dev.tutelage.event.v1.RejectionKind;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.evaluate.FeatureDistance;
import dev.tutelage.learning.hygiene.Findings;
import dev.tutelage.learning.label.FeatureSample;
import dev.tutelage.learning.label.Labeling;
import dev.tutelage.learning.label.LoadedTeachers;
import dev.tutelage.learning.label.LogitSource;
import dev.tutelage.learning.label.ModelFiles;
import dev.tutelage.learning.label.SoftLabels;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.LabelRecipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.run.RunRejectedException;
import dev.tutelage.platform.run.RunStoppedException;
import dev.tutelage.platform.run.StageWorker;
import dev.tutelage.platform.run.Workspace;
import dev.tutelage.platform.service.ServiceSettings;
import dev.tutelage.stages.Checkpoints;
import dev.tutelage.stages.ShardImages;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Imputes a teacher's soft labels for a shard: logits for seeded views of each image, by ONNX Runtime.
 *
 * <p>Several requests are worked on at once, each on its thread: while the model looks at one shard's images, others are
 * fetched, decoded, cropped and stored. They meet in the teacher's batches ({@link
 * dev.tutelage.learning.label.BatchedTeacher}) and in the transaction that ends them. What is under way is bounded by the
 * number of requests at once.
 */
@ApplicationScoped
public class LabelWorker implements StageWorker {
    private static final Duration LONGEST_WAIT_OF_BACKLOG = Duration.ofSeconds(2);
    private static final long REPORT_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private final LabelMetrics metrics;
    private final LoadedTeachers teachers;
    private final Hygiene hygiene;
    private final LiveFirst liveFirst = new LiveFirst(LONGEST_WAIT_OF_BACKLOG);

    public LabelWorker(ServiceSettings service, LabelerSettings settings, Hygiene hygiene, LabelMetrics metrics) {
        this.hygiene = hygiene;
        int threads = settings.threads() == 0 ? Runtime.getRuntime().availableProcessors() : settings.threads();
        this.teachers = new LoadedTeachers(
                new LoadedTeachers.Limits(
                        settings.modelMemory().asLongValue(),
                        threads,
                        settings.largestBatch(),
                        settings.backlogBatch(),
                        Duration.ZERO),
                new ModelFiles(
                        service.workDir().resolve("models"),
                        settings.modelDisk().asLongValue()),
                LoadedTeachers.Beside.REFERENCE,
                manifest -> metrics);
        this.metrics = metrics;
        metrics.watch(teachers);
    }

    @Override
    public List<Message> work(RunRequested request, Workspace workspace)
            throws RunRejectedException, RunStoppedException, IOException {
        try (LoadedTeachers.Held held =
                        teachers.hold(request.getParent(), digest -> Checkpoints.fetchModel(workspace, digest));
                LiveFirst.Turn turn = liveFirst.begin(request.getBacklog())) {
            LogitSource teacher = request.getBacklog()
                    ? held.teacher().patient()
                    : held.teacher().urgent();
            return List.of(metrics.stored(label(request, teacher, held.known(), turn, workspace)));
        } catch (IllegalArgumentException e) {
            throw new RunRejectedException(e.getMessage(), e);
        }
    }

    private SoftLabelsAdded label(
            RunRequested request,
            LogitSource teacher,
            Optional<FeatureDistance> known,
            LiveFirst.Turn turn,
            Workspace workspace)
            throws RunRejectedException, RunStoppedException, IOException {
        LabelRecipe recipe = Recipes.LABEL.read(request.getRecipe());
        Artifact shard = request.getDataset();
        Dataset.Part part = new Dataset.Part(shard.getDigest(), shard.getSize(), shard.getName());
        await(turn, workspace);
        ImageSet images = ShardImages.of(workspace, part, teacher.images(), OptionalInt.empty());
        if (images.size() == 0) {
            throw new RunRejectedException("Shard " + shard.getDigest() + " holds no usable image: "
                    + workspace.rejections() + ". Correct it and add it again");
        }
        Findings findings = hygiene.inspect(request, recipe, images, workspace);
        ImageSet chosen = images.subset(findings.labeledIndices());
        SoftLabels.Origin origin = new SoftLabels.Origin(request.getParent(), shard.getDigest(), recipe);
        FeatureSample sample = new FeatureSample(
                chosen.size(), new Seed(recipe.seed()).of("features").of(shard.getDigest()));
        SoftLabels labels = Labeling.run(teacher, chosen, origin, sample, between(chosen.size(), turn, workspace))
                .with(findings.relations());
        Path file = workspace.directory().resolve("soft-labels.safetensors");
        labels.write(file);
        Artifact logits = workspace.store(file, "soft-labels.safetensors");
        hygiene.made(logits, labels);
        SoftLabelsAdded.Builder fact =
                fact(request, labels, logits, findings.leaks().size(), workspace.rejectedImages());
        if (labels.size() > 0) {
            fact.setQuality(SoftLabelStatistics.of(labels, sample, known));
        }
        return fact.build();
    }

    private static Labeling.BetweenBatches<RunStoppedException> between(
            int images, LiveFirst.Turn turn, Workspace workspace) {
        long[] reported = {System.nanoTime()};
        return labeled -> {
            if (System.nanoTime() - reported[0] > REPORT_EVERY_NANOS) {
                reported[0] = System.nanoTime();
                workspace.report(RunProgressed.newBuilder()
                        .setPhase("label")
                        .setStep(labeled)
                        .setSteps(images));
            }
            if (labeled < images) {
                await(turn, workspace);
            }
        };
    }

    private static void await(LiveFirst.Turn turn, Workspace workspace) throws RunStoppedException {
        try {
            turn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunStoppedException("interrupted while it labeled a shard");
        }
        if (workspace.stopRequested()) {
            throw new RunStoppedException("asked to stop while it labeled a shard");
        }
    }

    private static SoftLabelsAdded.Builder fact(
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
        return fact;
    }
}
