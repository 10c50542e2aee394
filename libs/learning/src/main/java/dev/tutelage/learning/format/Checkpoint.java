package dev.tutelage.learning.format;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.evaluate.Reference;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A trained network in a directory of its own: {@value #MANIFEST}, {@value #WEIGHTS}, {@value #CARD} for people,
 * and {@value #ONNX}, which computes a classifier's logits and features or an encoder's features; an encoder too large for an
 * ONNX file goes without. Classifiers may have {@value #HELD_OUT}, what they say of held-out images, and {@value #REFERENCE},
 * which drift is measured against. The SHA-256 of the manifest, which holds those of the other files, names the whole.
 *
 * @param manifest what is known about it
 * @param weights its weights, to be closed with it
 */
public record Checkpoint(Manifest manifest, Weights weights) implements AutoCloseable {
    /** The manifest's file name. */
    public static final String MANIFEST = "manifest.json";
    /** The weights' file name. */
    public static final String WEIGHTS = "weights.safetensors";
    /** The file name of the model for other runtimes. */
    public static final String ONNX = "model.onnx";

    /** The file name of the model card, which tells people what the manifest tells programs. */
    public static final String CARD = "model-card.md";

    /** The file name of what drift is measured against; see {@link Reference}. */
    public static final String REFERENCE = "reference.safetensors";

    /** The file name of what a classifier says of held-out images; see {@link HeldOutFile}. */
    public static final String HELD_OUT = "held-out.safetensors";

    private static final Set<String> KNOWN = Set.of(WEIGHTS, ONNX, HELD_OUT, REFERENCE, CARD);
    private static final int LARGEST_MANIFEST = 16 << 20;

    /**
     * Writes a checkpoint. Equal weights, facts and versions give equal bytes.
     *
     * @param directory created if need be; files of these names in it are replaced
     * @param architecture what the weights are the weights of
     * @param metrics measured, finite
     * @return the manifest, which is written last: a directory without one is not a checkpoint
     * @throws IllegalArgumentException if the facts contradict each other; nothing is written then
     */
    public static Manifest write(
            Path directory,
            Architecture architecture,
            Weights weights,
            Provenance provenance,
            Map<String, Double> metrics)
            throws IOException {
        return write(directory, architecture, weights, provenance, Measured.of(metrics));
    }

    /**
     * Writes a checkpoint with all that was measured of it.
     *
     * @see #write(Path, Architecture, Weights, Provenance, Map)
     */
    public static Manifest write(
            Path directory, Architecture architecture, Weights weights, Provenance provenance, Measured measured)
            throws IOException {
        check(architecture, provenance);
        ManifestJson.recipe(provenance.recipe());
        Manifest.requireFinite(measured.metrics());
        Files.createDirectories(directory);
        Files.deleteIfExists(directory.resolve(MANIFEST));
        List<Manifest.File> files = new ArrayList<>();
        Safetensors.write(directory.resolve(WEIGHTS), weights.tensors(), Map.of("format", "pt"));
        files.add(file(directory, WEIGHTS));
        if (writeOnnx(directory.resolve(ONNX), architecture, weights, provenance)) {
            files.add(file(directory, ONNX));
        }
        if (measured.heldOut().isPresent()) {
            HeldOutFile.write(directory.resolve(HELD_OUT), measured.heldOut().get());
            files.add(file(directory, HELD_OUT));
        }
        if (measured.reference().isPresent()) {
            ReferenceFile.write(
                    directory.resolve(REFERENCE), measured.reference().get());
            files.add(file(directory, REFERENCE));
        }
        Manifest facts =
                new Manifest(provenance, architecture, versions(), measured.metrics(), weights.parameterCount(), files);
        Files.writeString(directory.resolve(CARD), ModelCard.of(facts));
        Manifest manifest = facts.with(file(directory, CARD));
        Files.write(directory.resolve(MANIFEST), ManifestJson.write(manifest));
        return manifest;
    }

    /** @return whether there is a model: without one a classifier would be of no use, but an encoder is */
    private static boolean writeOnnx(Path file, Architecture architecture, Weights weights, Provenance provenance)
            throws IOException {
        if (architecture instanceof Architecture.Predicting predicting) {
            Onnx.write(file, predicting.classifier(), weights, provenance.images());
            return true;
        }
        ResNet encoder = architecture.encoder();
        if (!Onnx.fit(encoder.parameters())) {
            return false;
        }
        Onnx.write(file, encoder, weights, provenance.images());
        return true;
    }

    /**
     * Reads a pretrained checkpoint, having verified its files.
     *
     * @throws CorruptFileException if a file is damaged, missing or does not fit the manifest, or the checkpoint is of
     *     another kind
     */
    public static Checkpoint readPretrained(Path directory) throws IOException {
        return read(directory, Architecture.Pretrained.class, "a pretrained encoder");
    }

    /**
     * Reads a classifier's checkpoint, having verified its files.
     *
     * @throws CorruptFileException if a file is damaged, missing or does not fit the manifest, or the checkpoint is of
     *     another kind
     */
    public static Checkpoint readClassifier(Path directory) throws IOException {
        return read(directory, Architecture.Predicting.class, "a classifier");
    }

    /**
     * Reads a checkpoint of any kind, having verified its files.
     *
     * @throws CorruptFileException if a file is damaged, missing or does not fit the manifest
     */
    public static Checkpoint read(Path directory) throws IOException {
        return read(directory, Architecture.class, "a checkpoint");
    }

    /**
     * Reads the manifest alone and verifies the size and SHA-256 of every file it lists.
     *
     * @throws CorruptFileException if the manifest or a file is damaged or missing
     */
    public static Manifest readManifest(Path directory) throws IOException {
        Manifest manifest = parseManifest(directory);
        verifyNames(directory, manifest);
        for (Manifest.File file : manifest.files()) {
            verify(directory, file);
        }
        return manifest;
    }

    /**
     * Reads the manifest alone and verifies the size and SHA-256 of those of its files that are wanted; the others need
     * not be there.
     *
     * @throws CorruptFileException if the manifest or a wanted file is damaged or missing
     */
    public static Manifest readManifest(Path directory, Set<String> wanted) throws IOException {
        Manifest manifest = parseManifest(directory);
        verifyNames(directory, manifest);
        for (Manifest.File file : manifest.files()) {
            if (wanted.contains(file.name())) {
                verify(directory, file);
            }
        }
        return manifest;
    }

    /**
     * What drift is measured against, having verified it. Checkpoints of encoders and of earlier versions have none.
     *
     * @param directory that holds at least the manifest, and the file if the manifest lists it
     * @throws CorruptFileException if it is damaged or missing though the manifest lists it
     */
    public static Optional<Reference> readReference(Path directory) throws IOException {
        Manifest manifest = readManifest(directory, Set.of(REFERENCE));
        return manifest.files().stream().anyMatch(file -> file.name().equals(REFERENCE))
                ? Optional.of(ReferenceFile.read(directory.resolve(REFERENCE)))
                : Optional.empty();
    }

    private static void verifyNames(Path directory, Manifest manifest) throws CorruptFileException {
        Set<String> names = manifest.files().stream().map(Manifest.File::name).collect(Collectors.toSet());
        // Not more: checkpoints of earlier versions have no card, and pretrained ones no model.
        Set<String> needed =
                manifest.architecture() instanceof Architecture.Predicting ? Set.of(WEIGHTS, ONNX) : Set.of(WEIGHTS);
        if (!names.containsAll(needed) || !KNOWN.containsAll(names)) {
            throw new CorruptFileException(
                    directory.resolve(MANIFEST),
                    "lists the files " + names + "; needed are " + needed + ", known are " + KNOWN);
        }
    }

    /**
     * The files that a manifest lists, unverified: what still has to be fetched before the checkpoint can be read.
     *
     * @throws CorruptFileException if the manifest is damaged or missing
     */
    public static List<Manifest.File> listedFiles(Path directory) throws IOException {
        return parseManifest(directory).files();
    }

    /** The checkpoint's name: the SHA-256 of its manifest, in hex. */
    public static String digest(Path directory) throws IOException {
        return Sha256.of(directory.resolve(MANIFEST));
    }

    /** The encoder and projection head of a pretrained checkpoint. */
    public Architecture.Pretrained pretrained() {
        return (Architecture.Pretrained) manifest.architecture();
    }

    /** The network of a classifier's checkpoint. */
    public Architecture.Predicting predicting() {
        return (Architecture.Predicting) manifest.architecture();
    }

    @Override
    public void close() {
        weights.close();
    }

    private static Checkpoint read(Path directory, Class<? extends Architecture> kind, String expected)
            throws IOException {
        Manifest manifest = readManifest(directory);
        if (!kind.isInstance(manifest.architecture())) {
            throw new CorruptFileException(
                    directory, "is a " + manifest.provenance().stage().text() + " checkpoint, not " + expected);
        }
        Path path = directory.resolve(WEIGHTS);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Safetensors.Contents contents = Safetensors.read(path, manager);
            return new Checkpoint(manifest, Weights.of(manifest.architecture().parameters(), contents.tensors()));
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(path, e.getMessage(), e);
        }
    }

    private static Manifest parseManifest(Path directory) throws IOException {
        Path path = directory.resolve(MANIFEST);
        try (InputStream in = Files.newInputStream(path)) {
            return ManifestJson.read(in.readNBytes(LARGEST_MANIFEST));
        } catch (NoSuchFileException e) {
            throw new CorruptFileException(path, "is missing: this is no checkpoint, or it was not fully written", e);
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(path, e.getMessage(), e);
        }
    }

    private static void check(Architecture architecture, Provenance provenance) {
        if (architecture.encoder().channels() != provenance.images().channels()) {
            throw new IllegalArgumentException("the encoder takes images of "
                    + architecture.encoder().channels() + " channels, not of " + provenance.images());
        }
        int classes = architecture instanceof Architecture.Predicting predicting
                ? predicting.classifier().classes()
                : 0;
        if (provenance.classes().size() != classes) {
            throw new IllegalArgumentException(
                    "the network tells " + classes + " classes apart, but the provenance names "
                            + provenance.classes().size());
        }
    }

    private static Manifest.File file(Path directory, String name) throws IOException {
        Path path = directory.resolve(name);
        return new Manifest.File(name, Sha256.of(path), Files.size(path));
    }

    private static void verify(Path directory, Manifest.File file) throws IOException {
        Path path = directory.resolve(file.name());
        if (!Files.isRegularFile(path)) {
            throw new CorruptFileException(path, "is missing, but the manifest lists it");
        }
        if (Files.size(path) != file.size() || !Sha256.of(path).equals(file.sha256())) {
            throw new CorruptFileException(path, "is not what was written: its size or SHA-256 is not the manifest's");
        }
    }

    private static Map<String, String> versions() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Checkpoint.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        }
        return Map.of(
                "tutelage",
                properties.getProperty("tutelage"),
                "djl",
                Engine.getDjlVersion(),
                "pytorch",
                Engine.getEngine("PyTorch").getVersion());
    }
}
