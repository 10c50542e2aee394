package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.evaluate.HeldOutPredictions;
import dev.tutelage.learning.format.Architecture;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.Measured;
import dev.tutelage.learning.format.Provenance;
import dev.tutelage.learning.format.Stage;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.gate.Predictions;
import dev.tutelage.platform.gate.Predictions.Prediction;
import dev.tutelage.stages.StoredPredictions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gate finds of checkpoints in a real S3 endpoint. */
class StoredPredictionsIT {
    private static final List<String> IMAGES =
            List.of(Sha256.of(new byte[] {1}), Sha256.of(new byte[] {2}), Sha256.of(new byte[] {1}));

    @TempDir
    private Path directory;

    @Test
    void whatACheckpointSaysIsFoundAndWhatCannotBeUsedIsNothing() throws Exception {
        try (Machine machine = Machine.start(
                MachineOptions.everything(Home.directory(), directory.resolve("machine"))
                        .withServices(List.of()),
                status -> {})) {
            ArtifactStore store = machine.artifactStore();
            StoredPredictions predictions = new StoredPredictions(store);
            Artifact file = store.put(heldOut(), Checkpoint.HELD_OUT);
            Optional<Predictions> found = predictions.of(of(file));
            assertThat(found)
                    .as("of the image that is there twice the first")
                    .contains(new Predictions(
                            2, Map.of(IMAGES.get(0), new Prediction(1, 1), IMAGES.get(1), new Prediction(0, 1))));
            assertThat(predictions.of(of(file))).as("again").isEqualTo(found);

            assertThat(predictions.of(CheckpointPublished.getDefaultInstance())).isEmpty();
            Artifact torn = store.put(new byte[] {1, 2, 3}, Checkpoint.HELD_OUT);
            assertThat(predictions.of(of(torn))).as("no such file").isEmpty();
            Artifact gone =
                    file.toBuilder().setDigest(Sha256.of(new byte[] {9})).build();
            assertThat(predictions.of(of(gone))).as("no such object").isEmpty();
        }
    }

    private static CheckpointPublished of(Artifact file) {
        return CheckpointPublished.newBuilder().addFiles(file).build();
    }

    private Path heldOut() throws IOException {
        Classifier classifier = Classifier.withoutHead(ResNet.basic(1, 4, List.of(1), Stem.CIFAR), 2);
        Provenance provenance = new Provenance(
                "birds",
                Stage.FINE_TUNED,
                List.of("wren", "robin"),
                new ImageShape(1, 8, 8),
                "{}",
                Optional.empty(),
                "",
                1);
        HeldOutPredictions said =
                new HeldOutPredictions(2, new float[] {0, 1, -3, 2, 5, 0}, new int[] {1, 0, 1}, IMAGES);
        Path checkpoint = Files.createDirectory(directory.resolve("checkpoint"));
        try (Weights weights = Weights.initialize(classifier.parameters(), new Seed(1))) {
            Checkpoint.write(
                    checkpoint,
                    new Architecture.Predicting(classifier),
                    weights,
                    provenance,
                    new Measured(Map.of(), Optional.of(said), Optional.empty()));
        }
        return checkpoint.resolve(Checkpoint.HELD_OUT);
    }
}
