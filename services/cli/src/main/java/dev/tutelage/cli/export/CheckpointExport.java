package dev.tutelage.cli.export;

import dev.tutelage.control.checkpoint.CheckpointFiles;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.learning.format.Manifest;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Writes checkpoints of one format. What is in the output is verified; nothing is if that fails. */
record CheckpointExport(ArtifactStore store, ExportFormat format) {
    private static final String FETCHED = ".fetched";

    /**
     * Writes a checkpoint.
     *
     * @param output empty or not there
     * @return the files that were written
     * @throws IllegalArgumentException if the output is not empty, or the checkpoint cannot be exported so
     * @throws dev.tutelage.platform.artifact.ArtifactStoreException if a file of it is gone or damaged
     */
    List<Path> write(CheckpointPublished checkpoint, Path output) throws IOException {
        requireFile(checkpoint);
        requireEmpty(output);
        Files.createDirectories(output);
        // There, so that what is verified is moved within one file system.
        Path fetched = Files.createDirectory(output.resolve(FETCHED));
        try {
            Manifest manifest = new CheckpointFiles(store).fetch(checkpoint.getDigest(), format.wanted(), fetched);
            requireClasses(checkpoint, manifest);
            return format.arrange(fetched, checkpoint.getDigest(), manifest, output);
        } finally {
            delete(fetched);
        }
    }

    private void requireFile(CheckpointPublished checkpoint) {
        if (checkpoint.getFilesList().stream().noneMatch(file -> file.getName().equals(format.needed()))) {
            throw new IllegalArgumentException("Checkpoint " + checkpoint.getDigest() + " has no " + format.needed()
                    + ", so it cannot be exported as " + name());
        }
    }

    private void requireClasses(CheckpointPublished checkpoint, Manifest manifest) {
        if (format == ExportFormat.TRITON && manifest.provenance().classes().isEmpty()) {
            throw new IllegalArgumentException("Checkpoint " + checkpoint.getDigest() + " is "
                    + manifest.provenance().stage().text() + " and no classifier, so it cannot be exported as "
                    + name() + ". onnx and safetensors can");
        }
    }

    private String name() {
        return format.name().toLowerCase(Locale.ROOT);
    }

    private static void requireEmpty(Path output) throws IOException {
        if (Files.notExists(output)) {
            return;
        }
        try (Stream<Path> files = Files.list(output)) {
            if (files.findAny().isPresent()) {
                throw new IllegalArgumentException(
                        "The output " + output + " is not empty. Name another directory, or empty it");
            }
        } catch (NotDirectoryException e) {
            throw new IllegalArgumentException("The output " + output + " is no directory", e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
