package dev.tutelage.learning.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.label.Teacher;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.program.ImportEncoder;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.FineTuneRecipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.train.ClassifierModel;
import dev.tutelage.learning.train.FineTuning;
import dev.tutelage.learning.train.PretrainedModel;
import dev.tutelage.learning.train.TrainingContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A random ResNet-18 with torchvision's names, and a classifier, as another program would have written it. */
class EncoderImportTest {
    private static final ResNet ENCODER = ResNet.ofDepth(3, 18, 0.0625, Stem.IMAGENET, false);
    private static final ImageShape IMAGES = new ImageShape(3, 21, 24);
    private static final EncoderImport IMPORT = new EncoderImport(
            "pets",
            IMAGES,
            ENCODER,
            new Normalization(List.of(0.0, 0.0, 0.0), List.of(0.5, 0.25, 1.0)),
            new ProjectionHead(ENCODER.outputWidth(), 3, 8),
            7);

    @TempDir
    Path folder;

    private Path source;
    private Map<String, float[]> values;

    @BeforeEach
    void write() throws IOException {
        SafetensorsByHand file = new SafetensorsByHand();
        values = file.random("", "F32", ENCODER.parameters());
        file.zeros("bn1.num_batches_tracked", "I64")
                .zeros("fc.weight", "F32", 10L, 32L)
                .zeros("fc.bias", "F32", 10L);
        source = file.write(folder.resolve("resnet18.safetensors"));
    }

    @Test
    void theManifestTellsWhereItComesFrom() throws IOException {
        Path directory = folder.resolve("checkpoint");
        ImportEncoder.main(new String[] {source.toString(), directory.toString(), IMPORT.toJson()});
        try (Checkpoint read = Checkpoint.readPretrained(directory)) {
            Provenance provenance = read.manifest().provenance();
            assertThat(provenance.stage().text()).isEqualTo("imported");
            assertThat(provenance.recipe())
                    .isEqualTo("{\"kind\":\"import\",\"normalization\":{\"mean\":[0,0,0],"
                            + "\"deviation\":[0.5,0.25,1]},\"seed\":7,\"source\":\""
                            + Sha256.of(Files.readAllBytes(source)) + "\"}");
            assertThat(read.pretrained()).isEqualTo(new Architecture.Pretrained(ENCODER, IMPORT.head()));
            assertThat(read.weights().get("layer4.1.bn2.running_var").toFloatArray())
                    .isEqualTo(values.get("layer4.1.bn2.running_var"));
        }
        assertThat(directory.resolve("model-card.md"))
                .content()
                .contains("# pets: an encoder", "Trained elsewhere", "Nothing was measured", "- Data set: unknown");
    }

    @Test
    void equalFilesGiveEqualCheckpoints() throws IOException {
        IMPORT.run(source, folder.resolve("one"));
        IMPORT.run(source, folder.resolve("two"));
        assertThat(Checkpoint.digest(folder.resolve("one"))).isEqualTo(Checkpoint.digest(folder.resolve("two")));
        assertThat(EncoderImport.ofJson(IMPORT.toJson())).isEqualTo(IMPORT);
    }

    /** The ONNX model sees images as they are; the encoder as its maker meant it sees them divided by their deviation. */
    @Test
    void theModelComputesTheFeaturesOfTheEncoderElsewhere() throws IOException {
        Path directory = folder.resolve("checkpoint");
        IMPORT.run(source, directory);
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                var original = ForeignEncoder.find(source, ENCODER).with(IMPORT.head(), new Seed(1));
                Teacher model = Teacher.load(directory.resolve("model.onnx"), IMAGES, ENCODER.outputWidth(), 1)) {
            NDArray batch = manager.randomUniform(0, 1, new Shape(5, 3, 21, 24));
            NDArray divided = batch.div(manager.create(new float[] {0.5f, 0.25f, 1}, new Shape(1, 3, 1, 1)));
            float[] expected =
                    ENCODER.features(original, divided, Mode.EVALUATION).toFloatArray();
            float[] actual = model.logits(batch);
            float largest = 0;
            for (int i = 0; i < expected.length; i++) {
                largest = Math.max(largest, Math.abs(expected[i]));
                assertThat(Math.abs(actual[i] - expected[i])).isLessThan(1e-4f * Math.max(1, Math.abs(expected[i])));
            }
            assertThat(largest).isGreaterThan(0.1f);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void fineTuningStartsFromIt(int headLayers) throws IOException {
        Path directory = folder.resolve("checkpoint");
        IMPORT.run(source, directory);
        FineTuneRecipe recipe = Recipes.FINE_TUNE.override(
                Recipes.FINE_TUNE.preset("quick"), "{\"epochs\":1,\"batchSize\":4,\"headLayers\":" + headLayers + "}");
        try (Checkpoint read = Checkpoint.readPretrained(directory);
                ClassifierModel model = FineTuning.run(
                        recipe, PretrainedModel.of(read), images(), 2, images(), TrainingContext.alone())) {
            assertThat(model.metrics().get("loss")).isBetween(0.0, 3.0);
            assertThat(model.weights().get("conv1.weight").toFloatArray())
                    .isNotEqualTo(read.weights().get("conv1.weight").toFloatArray());
        }
    }

    private static ImageSet images() {
        int count = 12;
        byte[] pixels = new byte[count * IMAGES.size()];
        new Random(3).nextBytes(pixels);
        List<String> names =
                IntStream.range(0, count).mapToObj(i -> "image" + i).toList();
        int[] labels = IntStream.range(0, count).map(i -> i % 2).toArray();
        return ImageSet.of(IMAGES, names, pixels, names, Optional.of(labels));
    }

    @Test
    void contradictionsAreToldAndNothingIsWritten() {
        EncoderImport grey =
                new EncoderImport("pets", new ImageShape(1, 21, 24), ENCODER, Normalization.none(3), IMPORT.head(), 7);
        assertThatThrownBy(() -> grey.run(source, folder.resolve("checkpoint")))
                .hasMessage("the encoder takes images of 3 channels, not of 1x21x24");
        assertThatThrownBy(() -> EncoderImport.ofJson("{\"task\":\"pets\"}"))
                .hasMessageContaining("is no EncoderImport as JSON");
        assertThat(folder.resolve("checkpoint")).doesNotExist();
    }
}
