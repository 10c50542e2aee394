package dev.tutelage.cli.demo;

import dev.tutelage.cli.SampleFiles;
import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.cli.machine.MachineFlags;
import dev.tutelage.cli.machine.MemorySampler;
import dev.tutelage.cli.machine.ProcessStatus;
import dev.tutelage.cli.task.InvalidTaskException;
import dev.tutelage.cli.task.TaskYaml;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.FactLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the whole loop on real data, real Kafka and real S3. */
@Command(
        name = "demo",
        description = {
            "Shows the whole loop: 12,000 images without labels and 120 with, streamed in; minutes later a teacher",
            "and a student distilled from its soft labels, beside what supervised learning gets from the same labels."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  tutelage demo", "  tutelage demo --seed 3 --json result.json"})
public final class DemoCommand implements Callable<Integer> {
    static final int LABELS = 120;
    private static final int SHARD_SIZE = 500;
    private static final double IMAGES_PER_SECOND = 1_000;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Draws the 120 labels, and everything else that is random. Default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    private long seed;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result there, too")
    private Optional<Path> json;

    @Option(names = "--keep", description = "Leaves everything running until Ctrl-C")
    private boolean keep;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Directory for everything that is kept. Default: a new one below .tutelage/")
    private Optional<Path> state;

    @Mixin
    private MachineFlags flags;

    private final Terminal terminal = Terminal.standard();
    private final long start = System.nanoTime();

    @Override
    public Integer call() throws InterruptedException {
        Path directory = state.orElseGet(
                () -> Path.of(".tutelage", "demo-" + Clock.systemUTC().millis()));
        try {
            Demo.Script script = script();
            try (Machine machine = Machine.start(flags.options(directory), this::tell)) {
                play(script, machine);
                waitIfKept(machine);
            }
            return 0;
        } catch (MachineException | InvalidTaskException e) {
            terminal.fail(e.getMessage());
        } catch (DemoFailedException e) {
            terminal.fail(e.getMessage() + "\n  Logs: " + directory.resolve("logs"));
        } catch (IOException e) {
            terminal.fail("A file cannot be read or written: " + e.getMessage());
        }
        return 1;
    }

    private Demo.Script script() throws InvalidTaskException, IOException {
        SampleFiles samples = SampleFiles.ofBuild();
        TaskDeclared task = TaskYaml.read(samples.task(), OptionalLong.of(seed));
        Sample sample = Sample.read(samples, task.getClassesCount(), LABELS, seed);
        return new Demo.Script(task, sample, SHARD_SIZE, IMAGES_PER_SECOND);
    }

    private void play(Demo.Script script, Machine machine)
            throws DemoFailedException, InterruptedException, IOException {
        ArtifactStore store = machine.artifactStore();
        try (FactLog log =
                        new FactLog(machine.kafka(), "/tutelage/cli", "cli-" + UUID.randomUUID(), Clock.systemUTC());
                MemorySampler memory = new MemorySampler(machine)) {
            Demo demo = new Demo(machine.kafka(), store, log);
            Story story = demo.play(script, announcer(), Duration.ofSeconds(terminal.isInteractive() ? 1 : 5));
            double wallSeconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3;
            Path student = machine.state().path().resolve("student");
            CheckpointPublished promoted = story.holder(Role.ROLE_STUDENT).orElseThrow();
            demo.fetch(promoted, student);
            DemoResult result = new DemoResult(
                    seed,
                    model(story, story.baseline().orElseThrow()),
                    model(story, story.holder(Role.ROLE_TEACHER).orElseThrow()),
                    model(story, promoted),
                    story.softLabels(),
                    story.events(),
                    wallSeconds,
                    memory.peakBytes(),
                    student.resolve("model.onnx").toString(),
                    student.resolve("manifest.json").toString());
            result.table().forEach(terminal::say);
            if (json.isPresent()) {
                result.writeJson(json.get());
            }
        }
    }

    private static DemoResult.Model model(Story story, CheckpointPublished checkpoint) {
        return DemoResult.Model.of(checkpoint, story.trainingSeconds(checkpoint));
    }

    private void waitIfKept(Machine machine) throws InterruptedException {
        if (keep) {
            terminal.say("");
            terminal.say(
                    "Everything is still running. Kafka: " + machine.kafka().get("bootstrap.servers") + ", artifacts: "
                            + machine.store() + ". Ctrl-C stops it");
            new CountDownLatch(1).await();
        }
    }

    private void tell(ProcessStatus status) {
        if (status.state() != ProcessStatus.State.STARTING && status.state() != ProcessStatus.State.STOPPED) {
            terminal.sayTimed(status.line());
        }
    }

    private Story.Announcer announcer() {
        return new Story.Announcer() {
            @Override
            public void say(String line) {
                terminal.sayTimed(line);
            }

            @Override
            public void progress(String line) {
                terminal.progress(line);
            }
        };
    }
}
