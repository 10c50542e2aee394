package dev.tutelage.learning.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * WebDataset tars. A {@code .cls} holds the number of the class. If there are several tars, keys begin with the name of
 * theirs, for keys need only differ within one.
 *
 * @param files in their order
 */
public record TarFilesSource(List<Path> files) implements ImageSource {

    public TarFilesSource {
        files = List.copyOf(files);
    }

    @Override
    public void forEach(Visitor visitor) throws IOException {
        for (Path file : files) {
            String prefix = files.size() > 1 ? SourceFile.key(file.getFileName()) + "/" : "";
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
                new TarStreamSource(in, file.toString(), prefix).forEach(visitor);
            }
        }
    }
}
