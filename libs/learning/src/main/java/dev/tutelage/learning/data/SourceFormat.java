package dev.tutelage.learning.data;

import dev.tutelage.learning.random.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The formats of sources, and how to tell which one something is in. */
public enum SourceFormat {
    FOLDER,
    IDX,
    CIFAR10,
    CIFAR100,
    CSV,
    TAR;

    private static final String TRAIN = "train";

    /**
     * How a source is read.
     *
     * @param split the part of the data that is wanted; {@code train} if the format knows parts and none is named
     * @param seed of the order, where the format has one that would be of no use
     */
    public record Options(Optional<String> split, long seed) {}

    /**
     * The format of a file or folder, by names alone.
     *
     * @throws IOException if that is not obvious
     */
    public static SourceFormat guess(Path source) throws IOException {
        if (!Files.exists(source)) {
            throw new IOException(source + " is not there");
        }
        String name = source.getFileName().toString().toLowerCase(Locale.ROOT);
        if (!Files.isDirectory(source)) {
            return ofFile(name)
                    .orElseThrow(() -> new IOException(
                            source + ": its name does not tell what it is. Say so with --format: " + names()));
        }
        if (Files.exists(source.resolve("data_batch_1.bin"))) {
            return CIFAR10;
        }
        if (Files.exists(source.resolve("train.bin")) && Files.exists(source.resolve("test.bin"))) {
            return CIFAR100;
        }
        return files(source, "*.tar").isEmpty() ? FOLDER : TAR;
    }

    private static Optional<SourceFormat> ofFile(String name) {
        if (name.endsWith(".tar")) {
            return Optional.of(TAR);
        }
        if (name.endsWith(".csv")) {
            return Optional.of(CSV);
        }
        if (name.contains("idx3-ubyte")) {
            return Optional.of(IDX);
        }
        if (name.matches("(data_batch_\\d|test_batch)\\.bin")) {
            return Optional.of(CIFAR10);
        }
        return name.matches("(train|test)\\.bin") ? Optional.of(CIFAR100) : Optional.empty();
    }

    /**
     * Opens a source.
     *
     * @throws IOException if it is not there, or not what this format needs
     */
    public ImageSource open(Path source, Options options) throws IOException {
        Seed seed = new Seed(options.seed());
        requireSplits(options);
        return switch (this) {
            case FOLDER -> new FolderSource(requireFolder(source), seed);
            case IDX -> new IdxSource(requireFile(source), labels(source));
            case CIFAR10 ->
                new CifarSource(CifarSource.Kind.CIFAR10, files(source, options, "data_batch_*.bin", "test_batch.bin"));
            case CIFAR100 ->
                new CifarSource(CifarSource.Kind.CIFAR100, files(source, options, "train.bin", "test.bin"));
            case CSV -> new CsvSource(requireFile(source), options.split(), seed);
            case TAR -> new TarFilesSource(files(source, options, "*.tar", "*.tar"));
        };
    }

    private void requireSplits(Options options) throws IOException {
        boolean splits = this == CSV || this == CIFAR10 || this == CIFAR100;
        if (options.split().isPresent() && !splits) {
            throw new IOException("A source of format " + this + " has no splits: leave --split out");
        }
        boolean named = options.split().isEmpty()
                || List.of(TRAIN, "test").contains(options.split().get());
        if (!named && this != CSV) {
            throw new IOException("The splits of " + this + " are train and test, not "
                    + options.split().get());
        }
    }

    private List<Path> files(Path source, Options options, String train, String test) throws IOException {
        if (!Files.isDirectory(source)) {
            return List.of(requireFile(source));
        }
        String pattern = options.split().orElse(TRAIN).equals(TRAIN) ? train : test;
        List<Path> files = files(source, pattern);
        if (files.isEmpty()) {
            throw new IOException(source + " holds no " + pattern + ", as a folder of format " + this + " does");
        }
        return files;
    }

    private static List<Path> files(Path folder, String pattern) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            var matcher = folder.getFileSystem().getPathMatcher("glob:" + pattern);
            return files.filter(file -> matcher.matches(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    /** The labels' file beside the images', which has their name but for one part. */
    private static Optional<Path> labels(Path images) {
        String name =
                images.getFileName().toString().replace("images", "labels").replace("idx3", "idx1");
        return Optional.of(images.resolveSibling(name))
                .filter(labels -> !labels.equals(images) && Files.exists(labels));
    }

    private Path requireFile(Path source) throws IOException {
        if (!Files.isRegularFile(source)) {
            throw new IOException(source + " is not a file, as a source of format " + this + " is");
        }
        return source;
    }

    private static Path requireFolder(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            throw new IOException(source + " is not a folder. Say what else it is with --format: " + names());
        }
        return source;
    }

    private static String names() {
        return Arrays.stream(values()).map(SourceFormat::toString).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
