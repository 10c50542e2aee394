package dev.tutelage.stages;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.FeatureDistance;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.TeacherProfile;
import dev.tutelage.learning.evaluate.HeldOutPredictions;
import dev.tutelage.learning.evaluate.Reference;
import dev.tutelage.learning.format.Architecture;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.Manifest;
import dev.tutelage.learning.format.Measured;
import dev.tutelage.learning.format.Provenance;
import dev.tutelage.learning.format.Stage;
import dev.tutelage.learning.label.Latency;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.train.ClassifierModel;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.run.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Checkpoints on their way between the artifact store and the learning library. */
public final class Checkpoints {

    /** The metric of the fact that is no metric of the manifest. */
    private static final String LATENCY = "latencyMillis";

    private Checkpoints() {}

    /**
     * A trained network that is to be published.
     *
     * @param stage how it came to be, in the manifest's words
     * @param classes class names; empty for a pretrained encoder
     * @param seed of the recipe
     * @param reference what drift is measured against, of a classifier
     * @param heldOut what it says of the held-out images, of a classifier
     * @param work how long this attempt took
     */
    public record Trained(
            Stage stage,
            Architecture architecture,
            Weights weights,
            Map<String, Double> metrics,
            List<String> classes,
            long seed,
            Optional<Reference> reference,
            Optional<HeldOutPredictions> heldOut,
            Duration work) {

        /** A network that predicts nothing. */
        public Trained(
                Stage stage,
                Architecture architecture,
                Weights weights,
                Map<String, Double> metrics,
                List<String> classes,
                long seed,
                Optional<Reference> reference,
                Duration work) {
            this(stage, architecture, weights, metrics, classes, seed, reference, Optional.empty(), work);
        }
    }

    /**
     * Fetches a checkpoint's files into a directory.
     *
     * @param digest SHA-256 of its manifest
     * @return the directory
     */
    public static Path fetch(Workspace workspace, String digest) throws IOException {
        return fetch(workspace, digest, file -> true);
    }

    /**
     * Fetches of a checkpoint what labeling takes, its manifest, its ONNX model and its reference if it has one, into a
     * directory.
     *
     * @param digest SHA-256 of its manifest
     * @return the directory
     */
    public static Path fetchModel(Workspace workspace, String digest) throws IOException {
        return fetch(workspace, digest, Set.of(Checkpoint.ONNX, Checkpoint.REFERENCE)::contains);
    }

    private static Path fetch(Workspace workspace, String digest, Predicate<String> wanted) throws IOException {
        Path directory = Files.createDirectories(workspace.directory().resolve("checkpoint-" + digest));
        Artifact manifest = Artifact.newBuilder()
                .setDigest(digest)
                .setName(Checkpoint.MANIFEST)
                .build();
        copy(workspace, manifest, directory.resolve(Checkpoint.MANIFEST));
        for (Manifest.File file : Checkpoint.listedFiles(directory)) {
            if (!wanted.test(file.name())) {
                continue;
            }
            Artifact artifact = Artifact.newBuilder()
                    .setDigest(file.sha256())
                    .setSize(file.size())
                    .setName(file.name())
                    .build();
            copy(workspace, artifact, directory.resolve(file.name()));
        }
        return directory;
    }

    private static void copy(Workspace workspace, Artifact artifact, Path target) throws IOException {
        Files.copy(workspace.fetch(artifact), target, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Stores a classifier as a checkpoint; see {@link #publish}.
     *
     * @param stage how it came to be
     * @param seed of the recipe
     * @param stopwatch running since its work began
     */
    public static CheckpointPublished publishClassifier(
            RunRequested request,
            Dataset dataset,
            Workspace workspace,
            Stage stage,
            ClassifierModel model,
            long seed,
            Stopwatch stopwatch)
            throws IOException {
        Trained trained = new Trained(
                stage,
                new Architecture.Predicting(model.classifier()),
                model.weights(),
                model.metrics(),
                dataset.classes(),
                seed,
                model.reference(),
                Optional.of(model.heldOut()),
                stopwatch.elapsed());
        return publish(request, dataset, trained, workspace);
    }

    /**
     * Stores a trained network as a checkpoint.
     *
     * @return the fact that says so; all bytes that it names are durable
     */
    public static CheckpointPublished publish(
            RunRequested request, Dataset dataset, Trained trained, Workspace workspace) throws IOException {
        Optional<String> parent = Optional.of(request.getParent()).filter(digest -> !digest.isEmpty());
        Provenance provenance = new Provenance(
                dataset.task(),
                trained.stage(),
                trained.classes(),
                ShardImages.shape(dataset),
                request.getRecipe(),
                parent,
                request.getDataset().getDigest(),
                trained.seed(),
                Optional.of(request.getStart()).filter(start -> !start.isEmpty()));
        Path directory = workspace.directory().resolve("checkpoint");
        Manifest manifest = Checkpoint.write(
                directory,
                trained.architecture(),
                trained.weights(),
                provenance,
                new Measured(trained.metrics(), trained.heldOut(), trained.reference()));
        List<Artifact> files = new ArrayList<>();
        for (Manifest.File file : manifest.files()) {
            files.add(workspace.store(directory.resolve(file.name()), file.name()));
        }
        // Last: whoever finds the manifest finds the files that it names.
        Artifact stored = workspace.store(directory.resolve(Checkpoint.MANIFEST), Checkpoint.MANIFEST);
        files.add(0, stored);
        CheckpointPublished.Builder published = CheckpointPublished.newBuilder()
                .setDigest(stored.getDigest())
                .setTask(dataset.task())
                .setStage(request.getStage())
                .setRunId(request.getRunId())
                .setParent(request.getParent())
                .setDataset(request.getDataset().getDigest())
                .setRecipe(request.getRecipe())
                .putAllMetrics(trained.metrics())
                .addAllFiles(files)
                .setParameters(manifest.parameters())
                .setSeconds(trained.work().toMillis() / 1e3)
                .setStart(request.getStart());
        trained.reference().map(Checkpoints::profile).ifPresent(published::setReference);
        if (trained.heldOut().isPresent()) {
            // Not part of the checkpoint: every attempt would measure another time, and give another digest.
            published.putMetrics(LATENCY, Latency.medianMillis(directory));
        }
        return published.build();
    }

    private static TeacherProfile profile(Reference reference) {
        return TeacherProfile.newBuilder()
                .addAllConfidenceHistogram(reference.heldOut().confidenceHistogram())
                .addAllClassCounts(reference.heldOut().classCounts())
                .setPlain(true)
                .setFeatures(FeatureDistance.newBuilder()
                        .setSquaredMmd(reference.heldOutDistance())
                        .setImages((int) Math.min(
                                Reference.MOST_FEATURES, reference.heldOut().images())))
                .build();
    }
}
