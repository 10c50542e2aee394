package dev.tutelage.cli.gc;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.Digest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads which artifacts the manifests of datasets and checkpoints name. */
public final class Manifests {
    private final ArtifactStore store;
    private final Path directory;

    /** @param directory an existing one, for one manifest at a time */
    public Manifests(ArtifactStore store, Path directory) {
        this.store = store;
        this.directory = directory;
    }

    /**
     * Tells the digests that a manifest names.
     *
     * @return false if there is no such manifest
     * @throws IOException if it is damaged or cannot be stored here
     */
    public boolean read(Artifact manifest, Consumer<Digest> taker) throws IOException {
        Path file = directory.resolve("manifest");
        try {
            store.fetch(manifest, file);
            try (InputStream json = new BufferedInputStream(Files.newInputStream(file))) {
                Mentions.in(json, taker);
            }
            return true;
        } catch (ArtifactStoreException e) {
            return switch (e.kind()) {
                case NOT_FOUND -> false;
                case CORRUPT -> throw new IOException(e.getMessage(), e);
                case ACCESS_DENIED, NO_BUCKET, NO_SPACE, UNAVAILABLE -> throw e;
            };
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
