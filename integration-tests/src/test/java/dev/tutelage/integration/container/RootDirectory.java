package dev.tutelage.integration.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The root file system of an image, without what its base brings. */
final class RootDirectory {
    /** Where the build stage has the project. */
    private static final String SOURCE = "/src/";

    private RootDirectory() {}

    /** Puts what a Containerfile copies where it belongs, as links to what is in the project. */
    static void assemble(Containerfile file, Path project, Path root) throws IOException {
        for (Containerfile.Copy copy : file.copies()) {
            if (!copy.stage().equals("build") || !copy.source().startsWith(SOURCE)) {
                throw new IllegalArgumentException("it is not known here where this comes from: " + copy);
            }
            Path source = project.resolve(copy.source().substring(SOURCE.length()));
            link(source, root.resolve(copy.target().substring(1)));
        }
        for (String directory : file.directories().keySet()) {
            Files.createDirectories(root.resolve(directory.substring(1)));
        }
    }

    private static void link(Path source, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        try (Stream<Path> all = Files.walk(source)) {
            all.forEach(path -> {
                Path place = target.resolve(source.relativize(path).toString());
                try {
                    if (Files.isDirectory(path)) {
                        Files.createDirectories(place);
                    } else {
                        Files.createLink(place, path);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
