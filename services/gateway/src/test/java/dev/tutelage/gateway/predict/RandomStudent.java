package dev.tutelage.gateway.predict;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.format.Architecture;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.Provenance;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A student that has learned nothing, and that differs from those of other seeds.
 *
 * @param digest of its checkpoint
 * @param model its model.onnx
 * @param files in the store, the manifest first
 */
public record RandomStudent(String task, String digest, Path model, List<Artifact> files) {
    public static final ImageShape SHAPE = new ImageShape(1, 12, 10);
    public static final List<String> CLASSES = List.of("wren", "robin", "owl");
    private static final int WIDTH = 4;
    private static final List<String> FILES =
            List.of(Checkpoint.MANIFEST, Checkpoint.WEIGHTS, Checkpoint.ONNX, Checkpoint.CARD);

    /** Makes one for grey images, and stores its files. */
    public static RandomStudent stored(String task, long seed, Path folder, ArtifactStore store) throws IOException {
        return stored(task, seed, SHAPE, folder, store);
    }

    /** Makes one, and stores its files. */
    static RandomStudent stored(String task, long seed, ImageShape shape, Path folder, ArtifactStore store)
            throws IOException {
        Path directory = Files.createTempDirectory(folder, "student-");
        Classifier classifier =
                Classifier.withoutHead(ResNet.basic(shape.channels(), WIDTH, List.of(1), Stem.CIFAR), CLASSES.size());
        Provenance provenance = new Provenance(
                task,
                dev.tutelage.learning.format.Stage.DISTILLED,
                CLASSES,
                shape,
                "{}",
                Optional.empty(),
                "none",
                seed);
        try (Weights weights = Weights.initialize(classifier.parameters(), new Seed(seed))) {
            // It begins at zero, and then all images and seeds are alike.
            weights.get("fc.weight").set(new Seed(seed).normals(WIDTH * CLASSES.size()));
            Checkpoint.write(directory, new Architecture.Predicting(classifier), weights, provenance, Map.of());
        }
        List<Artifact> files = new ArrayList<>();
        for (String file : FILES) {
            files.add(store.put(directory.resolve(file), file));
        }
        return new RandomStudent(task, files.get(0).getDigest(), directory.resolve(Checkpoint.ONNX), files);
    }

    /** The stored model. */
    Artifact storedModel() {
        return files.stream()
                .filter(file -> file.getName().equals(Checkpoint.ONNX))
                .findFirst()
                .orElseThrow();
    }

    public void publish(FactLog log) throws NotPublishedException {
        log.publish(List.of(CheckpointPublished.newBuilder()
                .setTask(task)
                .setDigest(digest)
                .setStage(Stage.STAGE_DISTILL)
                .addAllFiles(files)
                .build()));
    }

    public void promote(FactLog log) throws NotPublishedException {
        log.publish(List.of(Promoted.newBuilder()
                .setTask(task)
                .setRole(Role.ROLE_STUDENT)
                .setCheckpoint(digest)
                .build()));
    }
}
