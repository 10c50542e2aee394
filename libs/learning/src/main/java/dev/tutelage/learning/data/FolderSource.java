package dev.tutelage.learning.data;

import dev.tutelage.learning.random.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of images. Those in a folder of the folder have that as their class ({@code wren/1.jpg}, at any depth below);
 * those directly in it have none. Files that are no images by their names are left alone. The order is shuffled, for
 * folders are sorted by class, and a shard of one class is of little use.
 *
 * @param root the folder
 * @param seed of the order
 */
public record FolderSource(Path root, Seed seed) implements ImageSource {

    @Override
    public void forEach(Visitor visitor) throws IOException {
        List<Path> files = files();
        if (files.isEmpty()) {
            throw new IOException(root + " holds no images: files that end in .png, .jpg, .jpeg or .webp,"
                    + " in a folder for each class or all in one");
        }
        for (int i : seed.of("folder").permutation(files.size())) {
            visitor.visit(image(files.get(i)));
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> found = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
            return found.filter(SourceFile::isImage)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw new IOException(root + " cannot be listed: " + e.getCause(), e);
        }
    }

    private SourceImage image(Path file) {
        Path relative = root.relativize(file);
        Optional<SourceLabel> label = relative.getNameCount() > 1
                ? Optional.of(new SourceLabel.Name(relative.getName(0).toString()))
                : Optional.empty();
        return new SourceImage(SourceFile.key(relative), () -> SourceFile.read(file), label);
    }
}
