package dev.tutelage.control.softlabel;

import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.learning.data.ShardWriter;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A directory of tars, one a shard and named by its digest, of the images and what the teacher thinks of them. */
public final class WebDatasetLabels implements LabelSink {
    private final Path directory;
    private final List<String> classes;
    private final ArtifactStore store;

    /**
     * @param output directory to make
     * @throws java.nio.file.FileAlreadyExistsException if there is something already
     */
    public WebDatasetLabels(Path output, List<String> classes, ArtifactStore store) throws IOException {
        this.directory = Files.createDirectory(output);
        this.classes = List.copyOf(classes);
        this.store = store;
    }

    @Override
    public void add(ShardAdded shard, String teacher, List<SoftLabel> labels) throws IOException {
        LabeledShard labeled = new LabeledShard(shard, classes, teacher, labels);
        try (ShardWriter out = new ShardWriter(new BufferedOutputStream(
                Files.newOutputStream(directory.resolve(labeled.digest() + WebDatasetTar.EXTENSION))))) {
            labeled.copy(store, directory.resolve("." + labeled.digest()), "", out);
        }
    }

    @Override
    public void close() {
        // Each tar is closed when its shard is written.
    }
}
