package dev.tutelage.cli.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.machine.Endpoints;
import dev.tutelage.cli.machine.LoneMachine;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.learning.format.CorruptFileException;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CheckpointUploadTest {
    private static final byte[] WEIGHTS = "weights".getBytes(UTF_8);

    @TempDir
    private Path directory;

    @Test
    void bytesAreStoredAndThenTheFactIsSaidOnTheMachineThatRuns() throws Exception {
        Path state = directory.resolve("state");
        Path checkpoint = checkpoint();
        assertThatExceptionOfType(MachineException.class)
                .isThrownBy(() -> Endpoints.ofRunning(state))
                .withMessageContaining("No tutelage runs on state directory " + state);
        try (Machine machine = Machine.start(LoneMachine.withoutServices(state), status -> {})) {
            Endpoints endpoints = Endpoints.ofRunning(state);
            assertThat(endpoints.store()).isEqualTo(machine.store());
            CheckpointPublished said;
            try (FactLog log = new FactLog(endpoints.kafka(), "/tutelage/test", "upload-test", Clock.systemUTC())) {
                CheckpointUpload upload = new CheckpointUpload(endpoints.artifactStore(), log);
                said = upload.add(checkpoint);
                assertThat(upload.add(checkpoint)).as("again").isEqualTo(said);
                Files.write(checkpoint.resolve("weights.safetensors"), new byte[] {1});
                assertThatExceptionOfType(CorruptFileException.class).isThrownBy(() -> upload.add(checkpoint));
            }
            assertThat(said.getDigest())
                    .isEqualTo(Digest.of(Files.readAllBytes(checkpoint.resolve("manifest.json")))
                            .hex());
            assertThat(said.getStage()).isEqualTo(Stage.STAGE_PRETRAIN);
            assertThat(said.getTask()).isEqualTo("pets");
            assertThat(said.getRecipe()).isEqualTo("{\"kind\":\"import\"}");
            assertThat(said.getParameters()).isEqualTo(12);
            assertThat(said.getFilesList())
                    .extracting(Artifact::getName)
                    .containsExactly("manifest.json", "weights.safetensors");
            assertThat(said.getFilesList())
                    .allMatch(file -> machine.artifactStore().isStored(file));
            assertThat(facts(machine)).containsExactly(said, said);
        }
    }

    /** A checkpoint as far as its manifest goes. */
    private Path checkpoint() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("checkpoint"));
        Files.write(folder.resolve("weights.safetensors"), WEIGHTS);
        Files.writeString(folder.resolve("manifest.json"), """
                        {"formatVersion": 1, "task": "pets", "stage": "imported",
                         "architecture": {"kind": "pretrained",
                           "encoder": {"kind": "resnet", "channels": 3, "width": 4, "blocks": [1], "block": "BASIC",
                             "stem": "CIFAR", "selectiveKernels": false},
                           "head": {"inputWidth": 4, "depth": 1, "outputWidth": 2}},
                         "classes": [], "images": {"channels": 3, "height": 8, "width": 8},
                         "recipe": {"kind": "import"}, "dataset": "", "seed": 1, "versions": {}, "metrics": {},
                         "parameters": 12,
                         "files": [{"name": "weights.safetensors", "sha256": "%s", "size": %d}]}
                        """.formatted(
                        Digest.of(WEIGHTS).hex(), WEIGHTS.length));
        return folder;
    }

    private static List<Object> facts(Machine machine) {
        List<Object> facts = new ArrayList<>();
        try (FactReader reader = new FactReader(machine.kafka(), EnumSet.of(Topic.CHECKPOINTS))) {
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                reader.poll(Duration.ofMillis(200)).stream().map(Fact::payload).forEach(facts::add);
                return reader.isCaughtUp();
            });
        }
        return facts;
    }
}
