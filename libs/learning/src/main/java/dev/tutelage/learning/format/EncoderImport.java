package dev.tutelage.learning.format;

import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How an encoder from elsewhere becomes a pretrained checkpoint, from which fine-tuning starts as from our own: the encoder
 * as it is, and a fresh projection head.
 *
 * @param task that it is for
 * @param images the shape of the task's images, with the encoder's channels
 * @param encoder whose weights the file holds
 * @param normalization that the encoder expects of images; it becomes part of the weights
 * @param head that is made
 * @param seed of the head's weights
 */
public record EncoderImport(
        String task, ImageShape images, ResNet encoder, Normalization normalization, ProjectionHead head, long seed) {

    /** As JSON, for another process. */
    public String toJson() {
        return ManifestJson.pretty(this);
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static EncoderImport ofJson(String json) {
        return ManifestJson.parse(json, EncoderImport.class);
    }

    /**
     * Writes the checkpoint. Equal files and settings give equal bytes.
     *
     * @param source the safetensors file
     * @param directory of the checkpoint; files of its names are replaced
     * @throws CorruptFileException if the file does not hold the encoder; see {@link ForeignEncoder}
     * @throws IllegalArgumentException if channels do not agree
     */
    public Manifest run(Path source, Path directory) throws IOException {
        Architecture architecture = new Architecture.Pretrained(encoder, head);
        ForeignEncoder foreign = ForeignEncoder.find(source, encoder);
        Provenance provenance = new Provenance(
                task, Stage.IMPORTED, List.of(), images, recipe(Sha256.of(source)), Optional.empty(), "", seed);
        try (Weights weights = foreign.with(head, new Seed(seed).of("import"))) {
            normalization.foldInto(encoder, weights);
            return Checkpoint.write(directory, architecture, weights, provenance, Map.of());
        }
    }

    /** What the architecture does not tell already. */
    private String recipe(String sha256) {
        return ManifestJson.pretty(new Recipe("import", normalization, seed, sha256));
    }

    /** The form of the recipe in the manifest. */
    private record Recipe(String kind, Normalization normalization, long seed, String source) {}
}
