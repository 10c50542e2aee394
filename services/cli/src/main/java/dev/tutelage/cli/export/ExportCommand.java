package dev.tutelage.cli.export;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Endpoints;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.control.checkpoint.TaskCheckpoints;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a checkpoint out of the system, for other programs to use. */
@Command(
        name = "export",
        description =
                "Writes a checkpoint of a task to a directory, for other programs: as a model repository of Triton, as an"
                        + " ONNX model, or as safetensors. Every byte is verified.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage export fashion --format triton --output repository"})
public final class ExportCommand implements Callable<Integer> {
    private static final Set<Topic> TOPICS =
            EnumSet.of(Topic.TASKS, Topic.CHECKPOINTS, Topic.PROMOTIONS, Topic.EXPIRATIONS);

    @Parameters(paramLabel = "TASK", description = "The task's name")
    private String task;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            required = true,
            description = "triton: DIR/TASK/config.pbtxt with its labels and DIR/TASK/1/model.onnx; onnx: model.onnx;"
                    + " safetensors: weights.safetensors; the latter two with manifest and model card")
    private ExportFormat format;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            required = true,
            description = "Directory to write to, empty or not there yet")
    private Path output;

    @Option(
            names = "--checkpoint",
            paramLabel = "CHECKPOINT",
            description = "Digest of the checkpoint, or as much of its beginning as no other one has. Default: the"
                    + " student")
    private Optional<String> checkpoint;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "State directory of a running tutelage. Default: ${DEFAULT-VALUE}",
            defaultValue = ".tutelage")
    private Path state;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() {
        try {
            Endpoints endpoints = Endpoints.ofRunning(state);
            CheckpointPublished chosen =
                    choose(new TaskCheckpoints(new DeclaredTask(task, state).read(endpoints.kafka(), TOPICS)));
            List<Path> written = new CheckpointExport(endpoints.artifactStore(), format).write(chosen, output);
            terminal.say("Checkpoint " + chosen.getDigest() + " of task '" + task + "' is exported:");
            written.forEach(file -> terminal.say("  " + file));
            return 0;
        } catch (IllegalArgumentException e) {
            terminal.fail(e.getMessage());
            return 2;
        } catch (IOException | MachineException | ArtifactStoreException | KafkaException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }

    private CheckpointPublished choose(TaskCheckpoints checkpoints) {
        String digest = checkpoint
                .or(checkpoints::student)
                .orElseThrow(() -> new IllegalArgumentException("Task '" + task
                        + "' has no student yet. Name another checkpoint with --checkpoint, or wait for one"));
        return checkpoints.find(digest);
    }
}
