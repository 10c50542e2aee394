package dev.tutelage.cli.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.Tutelage;
import dev.tutelage.cli.machine.LoneMachine;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.log.FactLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command as people give it, on a real broker and a real store. */
@Timeout(120)
class ExportCommandTest {
    private static final byte[] MODEL = "a model".getBytes(UTF_8);
    private static final byte[] WEIGHTS = "weights".getBytes(UTF_8);
    private static final byte[] CARD = "# A card".getBytes(UTF_8);

    @TempDir
    private Path directory;

    @Test
    void theStudentIsExportedInEachFormatAndOnlyToEmptyDirectories() throws Exception {
        assertThat(export("birds", "onnx", "early")).as("nothing runs").isEqualTo(1);
        try (Machine machine = Machine.start(LoneMachine.withoutServices(state()), status -> {})) {
            byte[] manifest = manifest();
            CheckpointPublished student = checkpoint(machine.artifactStore(), manifest);
            String digest = student.getDigest();
            try (FactLog log = new FactLog(machine.kafka(), "/tutelage/test", "export-test", Clock.systemUTC())) {
                log.publish(List.of(TaskDeclared.newBuilder().setTask("birds").build(), student));
                assertThat(export("pets", "onnx", "none")).as("no such task").isEqualTo(2);
                assertThat(export("birds", "onnx", "none")).as("no student").isEqualTo(2);
                assertThat(export("birds", "bmp", "none")).as("no such format").isEqualTo(2);
                assertThat(directory.resolve("none")).doesNotExist();
                log.publish(List.of(promotion(digest)));
            }
            // What is committed is visible a moment later.
            await().atMost(Duration.ofSeconds(10)).until(() -> export("birds", "onnx", "onnx") == 0);
            assertThat(files("onnx")).containsExactlyInAnyOrder("manifest.json", "model.onnx", "model-card.md");
            assertThat(directory.resolve("onnx/model.onnx")).hasBinaryContent(MODEL);
            assertThat(directory.resolve("onnx/manifest.json")).hasBinaryContent(manifest);
            assertThat(directory.resolve("onnx/model-card.md")).hasBinaryContent(CARD);
            assertThat(export("birds", "onnx", "onnx")).as("not empty").isEqualTo(2);

            assertThat(export("birds", "safetensors", "weights", "--checkpoint", digest.substring(0, 6)))
                    .isZero();
            assertThat(files("weights"))
                    .containsExactlyInAnyOrder("manifest.json", "weights.safetensors", "model-card.md");
            assertThat(directory.resolve("weights/weights.safetensors")).hasBinaryContent(WEIGHTS);

            assertThat(export("birds", "triton", "triton")).isZero();
            assertTriton(digest);
            assertDamageIsRefused(machine.artifactStore());
        }
    }

    private void assertTriton(String digest) throws IOException {
        assertThat(files("triton"))
                .containsExactlyInAnyOrder("birds/config.pbtxt", "birds/labels.txt", "birds/1/model.onnx");
        assertThat(directory.resolve("triton/birds/1/model.onnx")).hasBinaryContent(MODEL);
        assertThat(directory.resolve("triton/birds/labels.txt")).hasContent("wren\nrobin\nbarn owl\n");
        assertThat(Files.readString(directory.resolve("triton/birds/config.pbtxt"))
                        .replaceAll("\\s+", " "))
                .startsWith("name: \"birds\" platform: \"onnxruntime_onnx\" max_batch_size: ")
                .contains("input [ { name: \"images\" data_type: TYPE_FP32 dims: [ 1, 12, 10 ] } ]")
                .contains(
                        "output [ { name: \"logits\" data_type: TYPE_FP32 dims: [ 3 ] label_filename: \"labels.txt\" } ]")
                .contains("dynamic_batching { max_queue_delay_microseconds: 2000 }")
                .contains("key: \"checkpoint\" value: { string_value: \"" + digest + "\" }");
    }

    /** And leaves nothing behind that looks like a model. */
    private void assertDamageIsRefused(ArtifactStore store) throws IOException {
        store.putNamed(ArtifactStore.objectName(Digest.of(MODEL)), "another".getBytes(UTF_8));
        assertThat(export("birds", "triton", "damaged")).isEqualTo(1);
        assertThat(files("damaged")).isEmpty();
    }

    private int export(String task, String format, String output, String... more) {
        List<String> all = new ArrayList<>(List.of("export", task, "--format", format));
        all.addAll(List.of("--output", directory.resolve(output).toString()));
        all.addAll(List.of("--state", state().toString()));
        all.addAll(List.of(more));
        return Tutelage.commandLine().execute(all.toArray(String[]::new));
    }

    private Path state() {
        return directory.resolve("state");
    }

    private List<String> files(String output) throws IOException {
        Path root = directory.resolve(output);
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .toList();
        }
    }

    private static CheckpointPublished checkpoint(ArtifactStore store, byte[] manifest) {
        Artifact stored = store.put(manifest, "manifest.json");
        return CheckpointPublished.newBuilder()
                .setTask("birds")
                .setDigest(stored.getDigest())
                .setStage(Stage.STAGE_DISTILL)
                .addFiles(stored)
                .addFiles(store.put(WEIGHTS, "weights.safetensors"))
                .addFiles(store.put(MODEL, "model.onnx"))
                .addFiles(store.put(CARD, "model-card.md"))
                .build();
    }

    private static Promoted promotion(String digest) {
        return Promoted.newBuilder()
                .setTask("birds")
                .setRole(Role.ROLE_STUDENT)
                .setCheckpoint(digest)
                .build();
    }

    private static byte[] manifest() {
        return """
                {"formatVersion": 1, "task": "birds", "stage": "distilled",
                 "architecture": {"kind": "classifier",
                   "encoder": {"kind": "resnet", "channels": 1, "width": 4, "blocks": [1], "block": "BASIC",
                     "stem": "CIFAR", "selectiveKernels": false},
                   "headLayers": 0, "classes": 3},
                 "classes": ["wren", "robin", "barn owl"], "images": {"channels": 1, "height": 12, "width": 10},
                 "recipe": {}, "dataset": "d", "seed": 1, "versions": {}, "metrics": {}, "parameters": 12,
                 "files": [%s, %s, %s]}
                """.formatted(
                        file("weights.safetensors", WEIGHTS), file("model.onnx", MODEL), file("model-card.md", CARD))
                .getBytes(UTF_8);
    }

    private static String file(String name, byte[] bytes) {
        return "{\"name\": \"%s\", \"sha256\": \"%s\", \"size\": %d}"
                .formatted(name, Digest.of(bytes).hex(), bytes.length);
    }
}
