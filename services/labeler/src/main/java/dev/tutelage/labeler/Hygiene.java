package dev.tutelage.labeler;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.RejectionKind;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.hygiene.Findings;
import dev.tutelage.learning.hygiene.HeldOutImages;
import dev.tutelage.learning.hygiene.Inspector;
import dev.tutelage.learning.hygiene.LabeledImages;
import dev.tutelage.learning.hygiene.Leak;
import dev.tutelage.learning.label.SoftLabels;
import dev.tutelage.learning.recipe.LabelRecipe;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.run.Workspace;
import dev.tutelage.platform.service.ServiceSettings;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the stream clean: what is held out is not labeled, what was labeled is not labeled twice, and what looks like an
 * earlier image is flagged. May be asked by several threads.
 *
 * <p>Two workers, or two threads, that have the same image at the same time both label it. That does no harm: who reads the
 * labels takes the first in the dataset's order.
 */
@Singleton
public class Hygiene {
    private static final Logger LOG = LoggerFactory.getLogger(Hygiene.class);
    private static final int MOST_REMEMBERED = 16_000_000;

    private final HeldOutSets heldOut = new HeldOutSets();
    private final ArtifactStore store;
    private final Path directory;
    private final SoftLabelLog log;
    private final CommittedLabels committed;
    private final ExecutorService background = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "hygiene");
        thread.setDaemon(true);
        return thread;
    });

    public Hygiene(
            LabelerSettings settings,
            ServiceSettings service,
            ArtifactStore store,
            @Identifier("default-kafka-broker") Map<String, Object> kafka) {
        int remembered = settings.rememberedImages();
        if (remembered < 1 || remembered > MOST_REMEMBERED) {
            throw new IllegalArgumentException(
                    "tutelage.labeler.remembered-images is " + remembered + ": it must be 1 to " + MOST_REMEMBERED);
        }
        this.store = store;
        this.directory = service.workDir().resolve("hygiene");
        this.log = new SoftLabelLog(kafka);
        this.committed = new CommittedLabels(remembered, log, this::read, background);
    }

    /**
     * Sorts the images of a request's shard. Those that are held out are noted as left out.
     *
     * @throws IOException if the store or the disk fails
     */
    Findings inspect(RunRequested request, LabelRecipe recipe, ImageSet images, Workspace workspace)
            throws IOException {
        HeldOutImages forbidden = heldOut.of(request.getHeldOutList(), images.shape(), recipe.hygiene(), workspace);
        CommittedLabels.Labeler labeler = new CommittedLabels.Labeler(request.getTask(), request.getParent());
        LabeledImages before = committed.images(new CommittedLabels.Key(labeler, recipe));
        String shard = request.getDataset().getDigest();
        Findings findings = new Inspector(recipe.hygiene(), forbidden, before).inspect(shard, images);
        for (Leak leak : findings.leaks()) {
            workspace.reject(shard, images.key(leak.index()), RejectionKind.REJECTION_KIND_LEAKAGE, leak.reason());
        }
        return findings;
    }

    /** Takes note of labels that are stored but not committed yet: once they are, they need not be fetched again. */
    void made(Artifact file, SoftLabels labels) {
        committed.made(file, labels);
    }

    /** Soft labels that were committed by another worker or before this one began. */
    private Optional<SoftLabels> read(Artifact file) {
        try {
            Path target = Files.createTempFile(Files.createDirectories(directory), "soft-labels-", "");
            try {
                store.fetch(file, target);
                return Optional.of(SoftLabels.read(target));
            } finally {
                Files.deleteIfExists(target);
            }
        } catch (IOException | ArtifactStoreException e) {
            LOG.warn("Duplicates of the images in {} will be labeled again: {}", file.getDigest(), e.getMessage());
            return Optional.empty();
        }
    }

    @PreDestroy
    void stop() {
        background.shutdownNow();
        log.close();
    }
}
