package dev.tutelage.control.softlabel;

import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Reads soft labels, each verified against its digest. */
public record SoftLabelStore(ArtifactStore store) {

    /**
     * The labels of a shard's images, in its order: of each image that was labeled there, which one that equals an earlier one, is
     * held out or cannot be used was not.
     *
     * @throws IOException if the file is damaged, or cannot be written here meanwhile
     * @throws dev.tutelage.platform.artifact.ArtifactStoreException if it is gone or not what its digest says
     */
    public List<SoftLabel> read(SoftLabelsAdded fact) throws IOException {
        Path directory = Files.createTempDirectory("tutelage-soft-labels-");
        Path file = directory.resolve("soft-labels.safetensors");
        try {
            store.fetch(fact.getLogits(), file);
            SoftLabelFile labels = SoftLabelFile.open(file);
            return IntStream.range(0, labels.size()).mapToObj(labels::label).toList();
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }
}
