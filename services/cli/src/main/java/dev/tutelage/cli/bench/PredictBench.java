package dev.tutelage.cli.bench;

import dev.tutelage.cli.SampleFiles;
import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.bench.PredictBenchResult.Measured;
import dev.tutelage.cli.machine.LocalGateway;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.cli.machine.MachineFlags;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.control.task.InvalidTaskException;
import dev.tutelage.control.task.TaskYaml;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.data.Idx;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.log.NotPublishedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long clients of the gateway wait for predictions, and how many they get. */
@Command(
        name = "predict",
        description = {
            "Images a second, and how long clients wait for each, as image files and as tensors of the Open Inference Protocol,"
                    + " with one and with several clients at once.",
            "Each client sends its next image when it has the answer to the last one. Gateway, broker, store and clients share"
                    + " this machine."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  tutelage bench predict", "  tutelage bench predict --at-once 1,64 --json"})
final class PredictBench implements Callable<Integer> {
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final String UNLIMITED = "1000000";

    @Mixin
    private MachineFlags flags;

    @Option(
            names = "--encoder",
            paramLabel = "PRESET",
            description =
                    "Of the student: quick (the demo's teacher) or simclrv2-cifar (ResNet-18). Default: ${DEFAULT-VALUE}",
            defaultValue = "quick")
    private String encoder;

    @Option(
            names = "--at-once",
            paramLabel = "N",
            split = ",",
            description = "Clients at once, one measurement each. Default: ${DEFAULT-VALUE}",
            defaultValue = "1,4,16,64")
    private List<Integer> atOnce;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "Of each measurement. Default: ${DEFAULT-VALUE}",
            defaultValue = "10")
    private int seconds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the student's weights. Default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    private int seed;

    @Option(names = "--json", description = "Prints the result as JSON")
    private boolean json;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        if (seconds < 1 || atOnce.stream().anyMatch(clients -> clients < 1)) {
            terminal.fail("--seconds and --at-once must be 1 or more");
            return 2;
        }
        try {
            PredictBenchResult result = measure(Files.createTempDirectory("tutelage-bench-"));
            if (json) {
                System.out.println(result.json());
            } else {
                result.lines().forEach(terminal::say);
            }
            return 0;
        } catch (IOException
                | MachineException
                | InvalidTaskException
                | NotPublishedException
                | ArtifactStoreException
                | IllegalStateException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }

    private PredictBenchResult measure(Path directory)
            throws IOException, MachineException, InvalidTaskException, NotPublishedException, InterruptedException {
        SampleFiles samples = SampleFiles.ofBuild();
        TaskDeclared task = TaskYaml.read(samples.task(), OptionalLong.empty());
        Path student = UntrainedModel.make(directory.resolve("student"), task, encoder, seed);
        Path state = directory.resolve("machine");
        MachineOptions options = flags.options(state)
                .withServices(List.of())
                .withGateway()
                .withEnvironment(
                        MachineOptions.GATEWAY,
                        Map.of(
                                "TUTELAGE_SECURITY_REQUESTS_PER_SECOND", UNLIMITED,
                                "TUTELAGE_SECURITY_BURST", UNLIMITED));
        try (Machine machine = Machine.start(options, status -> {});
                LabelerLoad facts = new LabelerLoad(machine, task)) {
            facts.promoteStudent(student);
            PredictLoad load = new PredictLoad(
                    LocalGateway.ofRunning(state),
                    task.getTask(),
                    Idx.labeled(samples.testImages(), samples.testLabels()));
            load.awaitReady();
            List<Measured> measured = new ArrayList<>();
            for (PredictLoad.Protocol protocol : PredictLoad.Protocol.values()) {
                load.measure(protocol, atOnce.get(0), WARM_UP);
                for (int clients : atOnce) {
                    measured.add(load.measure(protocol, clients, Duration.ofSeconds(seconds)));
                    note(measured.get(measured.size() - 1).line());
                }
            }
            return new PredictBenchResult(encoder, seed, measured);
        }
    }

    /** Beside JSON on standard output, what goes on is told on standard error. */
    private void note(String line) {
        if (json) {
            System.err.println(line);
        } else {
            terminal.sayTimed(line);
        }
    }
}
