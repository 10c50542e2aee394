package dev.tutelage.gateway.predict;

import dev.tutelage.control.checkpoint.CheckpointFiles;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.label.LoadedTeachers;
import dev.tutelage.learning.label.ModelFiles;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.service.ServiceSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The models in memory and on the disk, and how they come there from the artifact store. */
@ApplicationScoped
public class Models {
    private final Path fetching;
    private final CheckpointFiles store;
    private final LoadedTeachers loaded;

    public Models(PredictSettings settings, ServiceSettings service, ArtifactStore store, PredictMetrics metrics) {
        this.store = new CheckpointFiles(store);
        this.fetching = service.workDir().resolve("gateway-fetching");
        this.loaded = new LoadedTeachers(
                new LoadedTeachers.Limits(
                        settings.modelMemory().asLongValue(),
                        settings.threads() == 0 ? Runtime.getRuntime().availableProcessors() : settings.threads(),
                        settings.largestBatch(),
                        Duration.ZERO,
                        settings.linger()),
                new ModelFiles(
                        service.workDir().resolve("gateway-models"),
                        settings.modelDisk().asLongValue()),
                LoadedTeachers.Beside.NOTHING,
                manifest -> metrics.batches(manifest.provenance().task()));
        metrics.watch(loaded);
    }

    /**
     * Holds a model, having fetched, verified and loaded it if need be.
     *
     * @throws IOException if it is no classifier, or the disk cannot be written
     * @throws ArtifactStoreException if its files cannot be read from the store, or are damaged there
     */
    Student hold(String task, String digest) throws IOException {
        return new Student(task, digest, loaded.hold(digest, this::fetch));
    }

    private Path fetch(String digest) throws IOException {
        Files.createDirectories(fetching);
        Path directory = Files.createTempDirectory(fetching, digest + "-");
        try {
            store.fetch(digest, Set.of(Checkpoint.ONNX), directory);
            return directory;
        } catch (IOException | ArtifactStoreException e) {
            for (String name : List.of(Checkpoint.MANIFEST, Checkpoint.ONNX)) {
                Files.deleteIfExists(directory.resolve(name));
            }
            Files.deleteIfExists(directory);
            throw e;
        }
    }
}
