package dev.tutelage.control.checkpoint;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.Manifest;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * Brings files of checkpoints from the artifact store to the local disk. Each is verified: the manifest by the checkpoint's
 * digest, every other file by the digest in the manifest.
 */
public record CheckpointFiles(ArtifactStore store) {

    /**
     * Fetches a checkpoint's manifest, and those of the files that it lists which are wanted.
     *
     * @param digest the checkpoint's
     * @param wanted names of files, beside the manifest; those that the checkpoint does not have are left out
     * @param directory that exists
     * @throws IOException if the manifest is none
     * @throws dev.tutelage.platform.artifact.ArtifactStoreException if bytes are not there, or not those that the digest
     *     names
     */
    public Manifest fetch(String digest, Set<String> wanted, Path directory) throws IOException {
        Artifact manifest = Artifact.newBuilder()
                .setDigest(digest)
                .setName(Checkpoint.MANIFEST)
                .build();
        store.fetch(manifest, directory.resolve(Checkpoint.MANIFEST));
        for (Manifest.File file : Checkpoint.listedFiles(directory)) {
            if (wanted.contains(file.name())) {
                Artifact artifact = Artifact.newBuilder()
                        .setDigest(file.sha256())
                        .setSize(file.size())
                        .setName(file.name())
                        .build();
                store.fetch(artifact, directory.resolve(file.name()));
            }
        }
        return Checkpoint.readManifest(directory, wanted);
    }
}
