package dev.tutelage.learning.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keeps every snapshot in a folder. */
record FolderSnapshots(Path folder) implements Snapshots {

    @Override
    public List<Path> newestFirst() throws IOException {
        try (var files = Files.list(folder)) {
            List<Path> oldestFirst = new ArrayList<>(files.sorted().toList());
            Collections.reverse(oldestFirst);
            return oldestFirst;
        }
    }

    /** Numbers them in the order in which they come: a sweep has several of the same step. */
    @Override
    public void save(long step, Path file) throws IOException {
        Files.copy(
                file, folder.resolve("%04d.safetensors".formatted(newestFirst().size())));
    }

    Path newest() throws IOException {
        return newestFirst().get(0);
    }
}
