package dev.tutelage.integration;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A network that has learned nothing: to label, a teacher need not be good, and this one is there at once. */
record RandomTeacher(TaskDeclared task, long seed) {
    private static final List<String> FILES =
            List.of(Checkpoint.MANIFEST, Checkpoint.WEIGHTS, Checkpoint.ONNX, Checkpoint.CARD);

    /**
     * Publishes it and makes it the task's teacher.
     *
     * @return its digest
     */
    String promote(ArtifactStore store, FactLog log) throws Exception {
        List<Artifact> files = store(store);
        String digest = files.get(0).getDigest();
        CheckpointPublished published = CheckpointPublished.newBuilder()
                .setTask(task.getTask())
                .setDigest(digest)
                .setStage(Stage.STAGE_FINE_TUNE)
                .addAllFiles(files)
                .build();
        Promoted promoted = Promoted.newBuilder()
                .setTask(task.getTask())
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint(digest)
                .build();
        log.publish(List.of(published, promoted));
        return digest;
    }

    private List<Artifact> store(ArtifactStore store) throws IOException {
        Path directory = Files.createTempDirectory("teacher-");
        List<Artifact> stored = new ArrayList<>();
        try {
            write(directory);
            for (String file : FILES) {
                stored.add(store.put(directory.resolve(file), file));
            }
            return stored;
        } finally {
            for (String file : FILES) {
                Files.deleteIfExists(directory.resolve(file));
            }
            Files.delete(directory);
        }
    }

    private void write(Path directory) throws IOException {
        Classifier classifier =
                Classifier.withoutHead(ResNet.ofDepth(1, 18, 0.125, Stem.CIFAR_HALVED, false), task.getClassesCount());
        Provenance provenance = new Provenance(
                task.getTask(),
                dev.tutelage.learning.format.Stage.FINE_TUNED,
                task.getClassesList(),
                new ImageShape(1, 28, 28),
                "{}",
                Optional.empty(),
                "",
                seed);
        try (Weights weights = Weights.initialize(classifier.parameters(), new Seed(seed))) {
            Checkpoint.write(directory, new Architecture.Predicting(classifier), weights, provenance, Map.of());
        }
    }
}
