package dev.tutelage.learning.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.evaluate.HeldOutPredictions;
import dev.tutelage.learning.evaluate.Profile;
import dev.tutelage.learning.evaluate.Reference;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.HeadPart;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final ResNet ENCODER = ResNet.basic(1, 4, List.of(1, 1), Stem.CIFAR_HALVED);
    private static final Architecture PRETRAINED = new Architecture.Pretrained(ENCODER, new ProjectionHead(8, 3, 16));
    private static final Architecture PREDICTING =
            new Architecture.Predicting(new Classifier(ENCODER, HeadPart.hidden(8, 1), 3));

    @TempDir
    Path folder;

    @Test
    void aPretrainedCheckpointComesBackWhole() throws IOException {
        Manifest written = write(folder, PRETRAINED, pretraining());
        assertThat(written.files())
                .extracting(Manifest.File::name)
                .containsExactly("weights.safetensors", "model.onnx", "model-card.md");
        try (Checkpoint read = Checkpoint.readPretrained(folder);
                Weights weights = weights(PRETRAINED)) {
            assertThat(read.manifest()).isEqualTo(written);
            assertThat(read.pretrained()).isEqualTo(PRETRAINED);
            assertThat(read.weights().tensors()).isEqualTo(weights.tensors());
        }
    }

    @Test
    void aClassifierComesBackWholeWithItsModel() throws IOException {
        Manifest written = write(folder, PREDICTING, fineTuning());
        assertThat(written.files())
                .extracting(Manifest.File::name)
                .containsExactly("weights.safetensors", "model.onnx", "model-card.md");
        assertThat(written.versions()).containsEntry("djl", "0.36.0").containsEntry("pytorch", "2.7.1");
        assertThat(written.versions().get("tutelage")).matches("[0-9]+\\..*");
        try (Checkpoint read = Checkpoint.readClassifier(folder)) {
            assertThat(read.manifest()).isEqualTo(written);
            assertThat(read.predicting()).isEqualTo(PREDICTING);
            assertThat(read.weights().parameterCount()).isEqualTo(written.parameters());
        }
    }

    @Test
    void equalWeightsAndFactsGiveEqualBytes() throws IOException {
        Path other = folder.resolve("other");
        write(folder, PREDICTING, fineTuning());
        write(other, PREDICTING, fineTuning());
        for (String name : List.of("manifest.json", "weights.safetensors", "model.onnx", "model-card.md")) {
            assertThat(other.resolve(name)).hasSameBinaryContentAs(folder.resolve(name));
        }
        assertThat(Checkpoint.digest(folder)).isEqualTo(Sha256.of(Files.readAllBytes(folder.resolve("manifest.json"))));
    }

    @Test
    void theRecipesTextAndTheLineageAreKept() {
        String recipe = "{\"learningRate\":0.0003,\"maxArea\":1,\"weightDecay\":1E-7}";
        Provenance provenance = new Provenance(
                "t",
                Stage.DISTILLED,
                List.of("a", "b", "c"),
                new ImageShape(1, 8, 8),
                recipe,
                Optional.of("teacher"),
                "d",
                1,
                Optional.of("previous student"));
        Manifest manifest = new Manifest(provenance, PREDICTING, Map.of(), Map.of(), 0, List.of());
        assertThat(ManifestJson.read(ManifestJson.write(manifest))).isEqualTo(manifest);
    }

    @Test
    void theManifestReadsWell() throws IOException {
        Manifest manifest = new Manifest(
                fineTuning(),
                PREDICTING,
                Map.of("tutelage", "0.1", "djl", "0.36.0"),
                Map.of("top1", 81.25, "loss", 1e-7),
                2000,
                List.of(new Manifest.File("weights.safetensors", "ab", 12)));
        assertThat(new String(ManifestJson.write(manifest), StandardCharsets.UTF_8))
                .isEqualTo("""
                        {
                          "formatVersion" : 1,
                          "task" : "fashion",
                          "stage" : "fine-tuned",
                          "architecture" : {
                            "kind" : "classifier",
                            "encoder" : {
                              "kind" : "resnet",
                              "channels" : 1,
                              "width" : 4,
                              "blocks" : [
                                1,
                                1
                              ],
                              "block" : "BASIC",
                              "stem" : "CIFAR_HALVED",
                              "selectiveKernels" : false
                            },
                            "headLayers" : 1,
                            "classes" : 3
                          },
                          "classes" : [
                            "shirt",
                            "coat",
                            "bag"
                          ],
                          "images" : {
                            "channels" : 1,
                            "height" : 8,
                            "width" : 8
                          },
                          "recipe" : {
                            "epochs" : 2,
                            "learningRate" : 0.1
                          },
                          "parent" : "feed",
                          "dataset" : "beef",
                          "seed" : -5,
                          "versions" : {
                            "djl" : "0.36.0",
                            "tutelage" : "0.1"
                          },
                          "metrics" : {
                            "loss" : 1.0E-7,
                            "top1" : 81.25
                          },
                          "parameters" : 2000,
                          "files" : [
                            {
                              "name" : "weights.safetensors",
                              "sha256" : "ab",
                              "size" : 12
                            }
                          ]
                        }
                        """);
        assertThat(ManifestJson.read(ManifestJson.write(manifest))).isEqualTo(manifest);
    }

    @Test
    void damageIsFound() throws IOException {
        write(folder, PREDICTING, fineTuning());
        Path onnx = folder.resolve("model.onnx");
        byte[] model = Files.readAllBytes(onnx);
        byte[] flipped = model.clone();
        flipped[model.length / 2] ^= 1;
        Files.write(onnx, flipped);
        refused("model.onnx: is not what was written");
        Files.delete(onnx);
        refused("model.onnx: is missing");
        Files.write(onnx, model);

        rewrite("\"formatVersion\" : 1", "\"formatVersion\" : 2");
        refused("has format version 2, but this Tutelage reads version 1");
        rewrite("\"formatVersion\" : 2", "\"formatVersion\" : 1");
        rewrite("\"weights.safetensors\"", "\"../../etc/passwd\"");
        refused("lists the files");
        rewrite("\"../../etc/passwd\"", "\"weights.safetensors\"");
        rewrite("\"stage\"", "\"phase\"");
        refused("lacks the field \"stage\"");
        rewrite("\"phase\"", "\"stage\"");
        rewrite("\"selectiveKernels\" : false", "\"selectiveKernels\" : true");
        refused("selectiveKernels needs block BOTTLENECK");
        rewrite("\"selectiveKernels\" : true", "\"selectiveKernels\" : false");
        rewrite("\"width\" : 4", "\"width\" : 5");
        refused("tensor conv1.weight");
        Files.write(folder.resolve("manifest.json"), new byte[] {'{'});
        refused("manifest.json: is not JSON");
        Files.delete(folder.resolve("manifest.json"));
        refused("manifest.json: is missing");
    }

    @Test
    void aReferenceComesBackWhole() throws IOException {
        Profile profile = new Profile(List.of(0L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L, 4L), List.of(2L, 0L, 3L));
        Reference reference = new Reference(new float[] {1, 2, 3, 4, 5, 6}, 2, profile, 0.125);
        Manifest written;
        try (Weights weights = weights(PREDICTING)) {
            written = Checkpoint.write(
                    folder,
                    PREDICTING,
                    weights,
                    fineTuning(),
                    new Measured(Map.of(), Optional.empty(), Optional.of(reference)));
        }
        assertThat(written.files())
                .extracting(Manifest.File::name)
                .containsExactly("weights.safetensors", "model.onnx", "reference.safetensors", "model-card.md");
        Checkpoint.readClassifier(folder).close();
        Reference read = Checkpoint.readReference(folder).orElseThrow();
        assertThat(read.features()).containsExactly(reference.features());
        assertThat(read.width()).isEqualTo(2);
        assertThat(read.heldOut()).isEqualTo(profile);
        assertThat(read.heldOutDistance()).isEqualTo(0.125);

        Files.write(folder.resolve("reference.safetensors"), new byte[9]);
        assertThatThrownBy(() -> Checkpoint.readReference(folder))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("reference.safetensors: is not what was written");
    }

    @Test
    void whatItSaysOfHeldOutImagesComesBackWhole() throws IOException {
        List<String> digests = List.of(Sha256.of(new byte[] {1}), Sha256.of(new byte[] {2}));
        HeldOutPredictions heldOut =
                new HeldOutPredictions(3, new float[] {1, -2, 3.5f, 0, 0.25f, -1e30f}, new int[] {2, 0}, digests);
        Measured measured = new Measured(Map.of(), Optional.of(heldOut), Optional.empty());
        try (Weights weights = weights(PREDICTING)) {
            assertThat(Checkpoint.write(folder, PREDICTING, weights, fineTuning(), measured)
                            .files())
                    .extracting(Manifest.File::name)
                    .containsExactly("weights.safetensors", "model.onnx", "held-out.safetensors", "model-card.md");
        }
        Checkpoint.readClassifier(folder).close();
        HeldOutPredictions read = HeldOutFile.read(folder.resolve("held-out.safetensors"));
        assertThat(read.classes()).isEqualTo(3);
        assertThat(read.logits()).containsExactly(heldOut.logits());
        assertThat(read.imageDigests()).isEqualTo(digests);
        assertThat(List.of(read.label(0), read.label(1))).containsExactly(2, 0);

        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("held-out.safetensors")))
                .order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) bytes.getLong()];
        bytes.get(header);
        assertThat(new String(header, StandardCharsets.UTF_8))
                .contains(
                        "\"logits\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}",
                        "\"labels\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[24,40]}",
                        "\"image_digests\":{\"dtype\":\"U8\",\"shape\":[2,32],\"data_offsets\":[40,104]}");
        assertThat(bytes.getFloat(bytes.position() + 8)).isEqualTo(3.5f);
        assertThat(bytes.getLong(bytes.position() + 24)).isEqualTo(2);
        byte[] digest = new byte[32];
        bytes.get(bytes.position() + 40, digest);
        assertThat(HexFormat.of().formatHex(digest)).isEqualTo(digests.get(0));
    }

    @Test
    void aFileThatHoldsNoPredictionsIsRefused() throws IOException {
        Path file = folder.resolve("held-out.safetensors");
        try (Weights weights = weights(PREDICTING)) {
            Safetensors.write(file, weights.tensors(), Map.of("format_version", "1"));
            assertThatThrownBy(() -> HeldOutFile.read(file))
                    .isInstanceOf(CorruptFileException.class)
                    .hasMessageContaining("the tensor logits of float32 and 2 dimensions is missing");
            Safetensors.write(file, weights.tensors(), Map.of("format_version", "2"));
            assertThatThrownBy(() -> HeldOutFile.read(file)).hasMessageContaining("its format version is 2");
        }
    }

    @Test
    void aClassifierOfAnEarlierVersionHasNoReference() throws IOException {
        write(folder, PREDICTING, fineTuning());
        assertThat(Checkpoint.readReference(folder)).isEmpty();
    }

    /** As versions before encoders had models, and all had cards, wrote it. */
    @Test
    void aPretrainedCheckpointOfWeightsAloneIsRead() throws IOException {
        Manifest written = write(folder, PRETRAINED, pretraining());
        Files.delete(folder.resolve("model.onnx"));
        Manifest earlier = new Manifest(
                written.provenance(),
                written.architecture(),
                written.versions(),
                written.metrics(),
                written.parameters(),
                written.files().subList(0, 1));
        Files.write(folder.resolve("manifest.json"), ManifestJson.write(earlier));
        try (Checkpoint read = Checkpoint.readPretrained(folder)) {
            assertThat(read.manifest()).isEqualTo(earlier);
        }
    }

    @Test
    void kindsAreNotMistakenForEachOther() throws IOException {
        write(folder, PRETRAINED, pretraining());
        assertThatThrownBy(() -> Checkpoint.readClassifier(folder))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("is a pretrained checkpoint, not a classifier");
    }

    @Test
    void contradictionsAreNotWritten() {
        assertThatThrownBy(() -> write(folder, PREDICTING, pretraining()))
                .hasMessageContaining("tells 3 classes apart, but the provenance names 0");
        try (Weights weights = weights(PREDICTING)) {
            assertThatThrownBy(() ->
                            Checkpoint.write(folder, PREDICTING, weights, fineTuning(), Map.of("loss", Double.NaN)))
                    .hasMessageContaining("metric loss is NaN");
        }
        assertThat(folder).isEmptyDirectory();
    }

    private void refused(String problem) {
        assertThatThrownBy(() -> Checkpoint.readClassifier(folder))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining(problem);
    }

    private void rewrite(String from, String to) throws IOException {
        Path manifest = folder.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace(from, to));
    }

    private static Manifest write(Path directory, Architecture architecture, Provenance provenance) throws IOException {
        try (Weights weights = weights(architecture)) {
            return Checkpoint.write(directory, architecture, weights, provenance, Map.of("top1", 81.25, "loss", 0.1));
        }
    }

    private static Weights weights(Architecture architecture) {
        return Weights.initialize(architecture.parameters(), new Seed(3));
    }

    private static Provenance pretraining() {
        return provenance(Stage.PRETRAINED, List.of(), Optional.empty());
    }

    private static Provenance fineTuning() {
        return provenance(Stage.FINE_TUNED, List.of("shirt", "coat", "bag"), Optional.of("feed"));
    }

    private static Provenance provenance(Stage stage, List<String> classes, Optional<String> parent) {
        ImageShape images = new ImageShape(1, 8, 8);
        return new Provenance(
                "fashion", stage, classes, images, "{\"epochs\":2,\"learningRate\":0.1}", parent, "beef", -5);
    }
}
