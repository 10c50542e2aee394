package dev.tutelage.cli.demo;

import dev.tutelage.cli.SampleFiles;
import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.GatewayFlags;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.cli.machine.MachineFlags;
import dev.tutelage.cli.machine.MemorySampler;
import dev.tutelage.cli.machine.ProcessStatus;
import dev.tutelage.cli.run.Broker;
import dev.tutelage.control.task.InvalidTaskException;
import dev.tutelage.control.task.TaskYaml;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.log.FactLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
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
            "and a student distilled from its soft labels, beside what supervised learning gets from the same labels.",
            "With --continuous 6,000 more images and 120 more labels arrive then, and without a command a better teacher",
            "and a better student take over."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  tutelage demo",
            "  tutelage demo --seed 3 --json result.json",
            "  tutelage demo --continuous"
        })
public final class DemoCommand implements Callable<Integer> {
    static final int LABELS = 120;
    private static final int NEW_LABELS = 120;
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

    @Option(
            names = "--continuous",
            description = "A second act: more images and labels arrive, and the task's policies say what follows")
    private boolean continuous;

    @Option(names = "--keep", description = "Leaves everything running until Ctrl-C")
    private boolean keep;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Directory for everything that is kept. Default: a new one below .tutelage/")
    private Optional<Path> state;

    @Mixin
    private MachineFlags flags;

    @Mixin
    private GatewayFlags gateway;

    private final Terminal terminal = Terminal.standard();
    private final long start = System.nanoTime();

    @Override
    public Integer call() throws InterruptedException {
        Path directory = state.orElseGet(
                () -> Path.of(".tutelage", "demo-" + Clock.systemUTC().millis()));
        try {
            Demo.Script script = script();
            try (Machine machine = Machine.start(gateway.added(flags.options(directory)), this::tell)) {
                terminal.say("The console: " + machine.console().orElseThrow());
                Optional<String> failure = play(script, machine);
                failure.ifPresent(terminal::fail);
                waitIfKept(machine);
                return failure.isPresent() ? 1 : 0;
            }
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
        Path file = continuous ? samples.continuousTask() : samples.task();
        TaskDeclared task = TaskYaml.read(file, OptionalLong.of(seed));
        Sample sample = Sample.read(samples, task.getClassesCount(), LABELS, seed);
        return new Demo.Script(task, sample, SHARD_SIZE, IMAGES_PER_SECOND);
    }

    /** @return why the second act has brought nothing, if so */
    private Optional<String> play(Demo.Script script, Machine machine)
            throws DemoFailedException, InterruptedException, IOException {
        Duration progressEvery = Duration.ofSeconds(terminal.isInteractive() ? 1 : 5);
        try (FactLog log = Broker.log(machine.kafka());
                MemorySampler memory = new MemorySampler(machine)) {
            Demo demo = new Demo(machine.kafka(), machine.artifactStore(), log);
            try (Demo.Performance performance = demo.open(script, announcer(), progressEvery)) {
                Story story = performance.firstAct();
                double wallSeconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3;
                Path student = machine.state().path().resolve("student");
                demo.fetch(story.first(Role.ROLE_STUDENT).orElseThrow(), student);
                DemoResult result = result(story, memory, wallSeconds, student);
                result.table().forEach(terminal::say);
                write(result);
                if (!continuous) {
                    return Optional.empty();
                }
                SecondAct act = secondAct(script, performance);
                write(result.with(act));
                Path newest = machine.state().path().resolve("student-act-two");
                demo.fetch(story.holder(Role.ROLE_STUDENT).orElseThrow(), newest);
                terminal.say("  the student: " + newest.resolve("model.onnx"));
                return act.failure();
            }
        }
    }

    private DemoResult result(Story story, MemorySampler memory, double wallSeconds, Path student) {
        return new DemoResult(
                seed,
                model(story, story.baseline().orElseThrow()),
                model(story, story.first(Role.ROLE_TEACHER).orElseThrow()),
                model(story, story.first(Role.ROLE_STUDENT).orElseThrow()),
                story.softLabels(),
                story.events(),
                wallSeconds,
                memory.peakBytes(),
                student.resolve("model.onnx").toString(),
                student.resolve("manifest.json").toString(),
                Optional.empty());
    }

    private SecondAct secondAct(Demo.Script script, Demo.Performance performance)
            throws DemoFailedException, InterruptedException, IOException {
        Sample sample = script.sample();
        Sample.Arrival more =
                Sample.Arrival.read(SampleFiles.ofBuild(), script.task().getClassesCount(), NEW_LABELS, seed);
        terminal.say("");
        terminal.sayTimed(String.format(
                Locale.ROOT,
                "act two: %,d more images arrive, and %,d more labels; nothing is asked for",
                more.unlabeled().size(),
                more.labeled().size()));
        int firstShards = (sample.unlabeled().size() + script.shardSize() - 1) / script.shardSize();
        SecondAct act = performance
                .secondAct(more)
                .secondAct(firstShards, sample.labeled().size());
        act.table().forEach(terminal::say);
        return act;
    }

    private void write(DemoResult result) throws IOException {
        if (json.isPresent()) {
            result.writeJson(json.get());
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
