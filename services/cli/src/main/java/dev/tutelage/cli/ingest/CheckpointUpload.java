package dev.tutelage.cli.ingest;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.Manifest;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Brings checkpoints in that no run made. Each is durable before it is said. */
public final class CheckpointUpload {
    private final ArtifactStore store;
    private final FactLog log;

    public CheckpointUpload(ArtifactStore store, FactLog log) {
        this.store = store;
        this.log = log;
    }

    /**
     * Adds a checkpoint to the task that its manifest names; adding it again changes nothing. Fine-tuning a pretrained one
     * is due then, once the task has enough labels; a fine-tuned one competes to be the teacher.
     *
     * @param directory of a pretrained or fine-tuned checkpoint
     * @return what was said
     * @throws IOException if the checkpoint is damaged
     */
    public CheckpointPublished add(Path directory) throws IOException, NotPublishedException {
        Manifest manifest = Checkpoint.readManifest(directory);
        List<Artifact> files = new ArrayList<>();
        for (Manifest.File file : manifest.files()) {
            files.add(store.put(directory.resolve(file.name()), file.name()));
        }
        // Last: whoever finds the manifest finds the files that it names.
        Artifact stored = store.put(directory.resolve(Checkpoint.MANIFEST), Checkpoint.MANIFEST);
        files.add(0, stored);
        CheckpointPublished published = CheckpointPublished.newBuilder()
                .setDigest(stored.getDigest())
                .setTask(manifest.provenance().task())
                .setStage(stage(manifest.provenance().stage()))
                .setDataset(manifest.provenance().dataset())
                .setRecipe(manifest.provenance().recipe())
                .putAllMetrics(manifest.metrics())
                .addAllFiles(files)
                .setParameters(manifest.parameters())
                .build();
        log.publish(List.of(published));
        return published;
    }

    private static Stage stage(dev.tutelage.learning.format.Stage stage) {
        return switch (stage) {
            case PRETRAINED, IMPORTED -> Stage.STAGE_PRETRAIN;
            case FINE_TUNED -> Stage.STAGE_FINE_TUNE;
            default ->
                throw new IllegalArgumentException("A " + stage.text()
                        + " checkpoint cannot be added: only pretrained, imported and fine-tuned ones can");
        };
    }
}
