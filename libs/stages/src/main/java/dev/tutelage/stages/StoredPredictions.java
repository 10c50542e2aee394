package dev.tutelage.stages;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.learning.evaluate.HeldOutPredictions;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.CorruptFileException;
import dev.tutelage.learning.format.HeldOutFile;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.ArtifactStoreException.Kind;
import dev.tutelage.platform.gate.PredictionSource;
import dev.tutelage.platform.gate.Predictions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What checkpoints say of held-out images, from the artifact store; the last few are kept in memory. Not for several threads
 * at once.
 */
public final class StoredPredictions implements PredictionSource {
    private static final Logger LOG = LoggerFactory.getLogger(StoredPredictions.class);
    private static final int KEPT = 8;

    private final ArtifactStore store;
    private final Map<String, Optional<Predictions>> known = new LinkedHashMap<>();

    public StoredPredictions(ArtifactStore store) {
        this.store = store;
    }

    @Override
    public Optional<Predictions> of(CheckpointPublished checkpoint) {
        Optional<Artifact> file = checkpoint.getFilesList().stream()
                .filter(each -> each.getName().equals(Checkpoint.HELD_OUT))
                .findFirst();
        return file.flatMap(this::remembered);
    }

    private Optional<Predictions> remembered(Artifact file) {
        Optional<Predictions> predictions =
                known.containsKey(file.getDigest()) ? known.get(file.getDigest()) : read(file);
        known.remove(file.getDigest());
        known.put(file.getDigest(), predictions);
        if (known.size() > KEPT) {
            known.remove(known.keySet().iterator().next());
        }
        return predictions;
    }

    /** Empty if waiting would not help. */
    private Optional<Predictions> read(Artifact file) {
        try {
            return Optional.of(predictions(fetch(file)));
        } catch (CorruptFileException e) {
            LOG.warn("A checkpoint's {} cannot be used: {}", file.getName(), e.getMessage());
            return Optional.empty();
        } catch (IOException e) {
            throw new ArtifactStoreException(
                    Kind.UNAVAILABLE, file.getName() + " cannot be read here: " + e.getMessage(), e);
        } catch (ArtifactStoreException e) {
            if (e.kind() == Kind.NOT_FOUND || e.kind() == Kind.CORRUPT) {
                LOG.warn("A checkpoint's {} cannot be used: {}", file.getName(), e.getMessage());
                return Optional.empty();
            }
            throw e;
        }
    }

    private HeldOutPredictions fetch(Artifact file) throws IOException {
        Path local = Files.createTempFile("held-out-", ".safetensors");
        try {
            store.fetch(file, local);
            return HeldOutFile.read(local);
        } finally {
            Files.deleteIfExists(local);
        }
    }

    /** Of an image that is there twice the first counts. */
    private static Predictions predictions(HeldOutPredictions heldOut) {
        Map<String, Predictions.Prediction> byImage = new LinkedHashMap<>();
        for (int i = 0; i < heldOut.size(); i++) {
            byImage.putIfAbsent(
                    heldOut.imageDigests().get(i), new Predictions.Prediction(heldOut.label(i), heldOut.predicted(i)));
        }
        return new Predictions(heldOut.classes(), byImage);
    }
}
