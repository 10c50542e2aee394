package dev.tutelage.cli.export;

import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a checkpoint is exported as: which of its files are needed, and how they lie in the output. */
enum ExportFormat {
    /** A model repository of the Triton Inference Server. */
    TRITON(Checkpoint.ONNX) {
        @Override
        List<Path> arrange(Path fetched, String digest, Manifest manifest, Path output) throws IOException {
            Path model = output.resolve(manifest.provenance().task());
            Path version = Files.createDirectories(model.resolve("1"));
            Path onnx = Files.move(fetched.resolve(Checkpoint.ONNX), version.resolve(Checkpoint.ONNX));
            TritonModel triton = new TritonModel(digest, manifest);
            return List.of(
                    Files.writeString(model.resolve("config.pbtxt"), triton.config()),
                    Files.writeString(model.resolve(TritonModel.LABELS), triton.labels()),
                    onnx);
        }
    },
    /** The model for any runtime. */
    ONNX(Checkpoint.ONNX) {
        @Override
        List<Path> arrange(Path fetched, String digest, Manifest manifest, Path output) throws IOException {
            return move(fetched, output);
        }
    },
    /** The weights with torchvision's names. */
    SAFETENSORS(Checkpoint.WEIGHTS) {
        @Override
        List<Path> arrange(Path fetched, String digest, Manifest manifest, Path output) throws IOException {
            return move(fetched, output);
        }
    };

    private final String needed;

    ExportFormat(String needed) {
        this.needed = needed;
    }

    /** The file that a checkpoint must have. */
    String needed() {
        return needed;
    }

    /** The files that are fetched beside the manifest; a checkpoint may lack those that are not needed. */
    Set<String> wanted() {
        return this == TRITON ? Set.of(needed) : Set.of(needed, Checkpoint.CARD);
    }

    /**
     * Brings fetched files to where they belong.
     *
     * @param fetched holds the manifest and the wanted files
     * @param output exists
     * @return what is there now
     */
    abstract List<Path> arrange(Path fetched, String digest, Manifest manifest, Path output) throws IOException;

    private static List<Path> move(Path fetched, Path output) throws IOException {
        List<Path> moved = new ArrayList<>();
        for (String name : List.of(Checkpoint.MANIFEST, Checkpoint.ONNX, Checkpoint.WEIGHTS, Checkpoint.CARD)) {
            if (Files.exists(fetched.resolve(name))) {
                moved.add(Files.move(fetched.resolve(name), output.resolve(name)));
            }
        }
        return moved;
    }
}
