package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.cli.model.ImportCommand;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.Safetensors;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** An encoder from elsewhere, on a machine where nothing is pretrained: there are no images without labels. */
@Tag("slow")
class ImportIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @Test
    void anImportedEncoderIsFineTunedByItself(@TempDir Path directory) throws Exception {
        Path state = directory.resolve("machine");
        Path checkpoint = directory.resolve("checkpoint");
        Path file = foreignEncoder(directory.resolve("resnet18.safetensors"));
        try (Machine machine = Machine.start(
                        MachineOptions.everything(Home.directory(), state),
                        status -> System.out.println(status.line()));
                TinyTask task = new TinyTask("imported", machine);
                Watcher watcher = new Watcher("imported", machine)) {
            assertThat(importInto(state, file, checkpoint))
                    .as("before the task is there")
                    .isEqualTo(2);
            task.declare();
            task.addHeldOutAndLabeled();
            assertThat(importInto(state, file, checkpoint)).isEqualTo(0);

            watcher.await("a fine-tuned checkpoint", PATIENCE, () -> !watcher.checkpoints(Stage.STAGE_FINE_TUNE)
                    .isEmpty());
            CheckpointPublished fineTuned =
                    watcher.checkpoints(Stage.STAGE_FINE_TUNE).get(0);
            assertThat(fineTuned.getParent()).isEqualTo(Checkpoint.digest(checkpoint));
            assertThat(fineTuned.getMetricsOrThrow("top1")).isBetween(0.0, 100.0);
            assertThat(watcher.checkpoints(Stage.STAGE_PRETRAIN))
                    .singleElement()
                    .satisfies(imported -> assertThat(imported.getRecipe()).contains("\"kind\":\"import\""));
            assertThat(watcher.deadLetters()).isEmpty();
        }
    }

    private static int importInto(Path state, Path file, Path checkpoint) {
        return new CommandLine(new ImportCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(
                        file.toString(),
                        "--depth",
                        "18",
                        "--width",
                        "0.125",
                        "--stem",
                        "cifar_halved",
                        "--image",
                        "1x28x28",
                        "--to",
                        checkpoint.toString(),
                        "--task",
                        "imported",
                        "--state",
                        state.toString());
    }

    /** A random ResNet-18 with a classifier of a thousand classes. */
    private static Path foreignEncoder(Path file) throws IOException {
        ResNet encoder = ResNet.ofDepth(1, 18, 0.125, Stem.CIFAR_HALVED, false);
        try (Weights weights =
                Weights.initialize(Classifier.withoutHead(encoder, 1000).parameters(), new Seed(1))) {
            Safetensors.write(file, weights.tensors(), Map.of("format", "pt"));
        }
        return file;
    }
}
