package dev.tutelage.cli.bench;

import dev.tutelage.cli.SampleFiles;
import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.bench.LabelBenchResult.Latency;
import dev.tutelage.cli.bench.LabelBenchResult.Relabeled;
import dev.tutelage.cli.bench.LabelBenchResult.Round;
import dev.tutelage.cli.machine.Allocator;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.cli.machine.MachineFlags;
import dev.tutelage.cli.machine.TrainingProcess;
import dev.tutelage.control.task.InvalidTaskException;
import dev.tutelage.control.task.TaskYaml;
import dev.tutelage.event.v1.Relabel;
import dev.tutelage.event.v1.RelabelKind;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.data.Idx;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.program.LabelingSpeed;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.log.NotPublishedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The labeler beside loops that do nothing but label; how long a shard waits; and what a backlog does to that. */
@Command(
        name = "label",
        description = {
            "Images a second of a loop over tensors in memory, of one that decodes, and of the whole labeler from Kafka and"
                    + " S3 to committed soft labels: on the same images and model, in turns.",
            "Then the time from a shard's announcement to its soft labels at half of the load that the labeler can take,"
                    + " without and with a backlog that a new teacher labels again."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  tutelage bench label", "  tutelage bench label --encoder quick --json"})
final class LabelBench implements Callable<Integer> {
    private static final int BATCH = 250;
    private static final int LARGE = 1_000;
    private static final int SMALL = 64;

    @Mixin
    private MachineFlags flags;

    @Option(
            names = "--encoder",
            paramLabel = "PRESET",
            description = "Of the teacher: quick (the demo's) or simclrv2-cifar (ResNet-18). Default: ${DEFAULT-VALUE}",
            defaultValue = "simclrv2-cifar")
    private String encoder;

    @Option(names = "--rounds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}", defaultValue = "3")
    private int rounds;

    @Option(
            names = "--shards",
            paramLabel = "N",
            description = "Shards of 1,000 images that the service labels in a round. Default: ${DEFAULT-VALUE}",
            defaultValue = "4")
    private int shards;

    @Option(
            names = "--small-shards",
            paramLabel = "N",
            description = "Shards of 64 images that are timed. Default: ${DEFAULT-VALUE}",
            defaultValue = "100")
    private int smallShards;

    @Option(
            names = "--relabel",
            paramLabel = "IMAGES",
            description = "Images of the backlog. Default: ${DEFAULT-VALUE}",
            defaultValue = "12000")
    private int relabel;

    @Option(names = "--json", description = "Prints the result as JSON")
    private boolean json;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        try {
            LabelBenchResult result = measure(Files.createTempDirectory("tutelage-bench-"));
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

    private LabelBenchResult measure(Path directory)
            throws IOException, MachineException, InvalidTaskException, NotPublishedException, InterruptedException {
        TaskDeclared task = task();
        SampleFiles samples = SampleFiles.ofBuild();
        ImageSet images =
                Idx.labeled(samples.trainImages(), samples.trainLabels()).withoutLabels();
        Path teacher = UntrainedModel.make(directory.resolve("teacher"), task, encoder, 1);
        try (Machine machine = Machine.start(
                        flags.options(directory.resolve("machine")).withServices(List.of("labeler")), status -> {});
                LabelerLoad load = new LabelerLoad(machine, task)) {
            DistinctShards stream = new DistinctShards(images, load);
            load.promote(teacher);
            load.secondsFor(stream.shards(2, LARGE));
            List<Round> measured = new ArrayList<>();
            CpuTimes cpu = new CpuTimes(machine);
            for (int round = 1; round <= rounds; round++) {
                measured.add(round(directory, teacher, stream, load, cpu));
                note(round, measured.get(round - 1));
            }
            double small = throughput(load, stream.shards(smallShards / 2, SMALL));
            double rate = small / SMALL / 2;
            note("half of the load, " + smallShards + " shards");
            Latency quiet =
                    Latency.of(load.latencies(stream.shards(smallShards, SMALL).iterator(), rate, () -> true), SMALL);
            note("the same with a backlog of " + relabel + " images");
            Relabeled busy = relabel(
                    stream, load, UntrainedModel.make(directory.resolve("next"), task, encoder, 2), rate, quiet);
            return LabelBenchResult.of(
                    encoder, measured, cpu.secondsPer(1e6 / (rounds * shards * LARGE)), small, quiet, busy);
        }
    }

    private TaskDeclared task() throws InvalidTaskException {
        TaskDeclared task = TaskYaml.read(SampleFiles.ofBuild().task(), OptionalLong.empty());
        String plain = Recipes.LABEL.write(Recipes.LABEL.override(
                Recipes.LABEL.preset("quick"), "{\"views\":1,\"plainView\":true,\"batchSize\":" + BATCH + "}"));
        return task.toBuilder()
                .setRecipes(task.getRecipes().toBuilder().setLabel(plain))
                .setPolicies(task.getPolicies().toBuilder()
                        .setRelabel(Relabel.newBuilder()
                                .setKind(RelabelKind.RELABEL_KIND_NEWEST)
                                .setNewestImages(relabel)))
                .build();
    }

    /** Each side for about as long as the service takes. */
    private Round round(Path directory, Path teacher, DistinctShards stream, LabelerLoad load, CpuTimes cpu)
            throws IOException, NotPublishedException, InterruptedException {
        List<ShardAdded> announced = stream.shards(shards, LARGE);
        List<String> files = stream.copies(announced, directory);
        cpu.begin();
        double seconds = load.secondsFor(announced);
        cpu.end();
        return new Round(
                loop("memory", teacher, seconds, files),
                loop("decoding", teacher, seconds, files),
                announced.size() * (double) LARGE / seconds);
    }

    private double loop(String kind, Path teacher, double seconds, List<String> files)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of(kind, teacher.toString(), Integer.toString(BATCH), "3", Double.toString(Math.max(5, seconds))));
        arguments.addAll(files);
        return Double.parseDouble(run(LabelingSpeed.class, arguments));
    }

    private static double throughput(LabelerLoad load, List<ShardAdded> shards) throws NotPublishedException {
        return shards.stream().mapToInt(ShardAdded::getImages).sum() / load.secondsFor(shards);
    }

    private Relabeled relabel(DistinctShards stream, LabelerLoad load, Path next, double rate, Latency quiet)
            throws IOException, NotPublishedException {
        List<ShardAdded> backlog = stream.newest(relabel);
        load.promote(next);
        long start = System.nanoTime();
        List<Double> live = load.latencies(stream.endless(SMALL), rate, () -> !load.hasLabeled(backlog));
        double seconds = (System.nanoTime() - start) / 1e9;
        Latency busy = Latency.of(live, SMALL);
        return new Relabeled(
                backlog.stream().mapToLong(ShardAdded::getImages).sum(),
                seconds,
                (load.firstLabels() - start) / 1e6,
                busy,
                busy.p99() / quiet.p99());
    }

    private String run(Class<?> program, List<String> arguments) throws IOException, InterruptedException {
        return new TrainingProcess(MachineFlags.home(), Allocator.AUTO).run(program, arguments);
    }

    private void note(int round, Round measured) {
        note(String.format(
                Locale.ROOT,
                "round %d: memory %,.0f, decoding %,.0f, service %,.0f images/s; service/decoding %.3f",
                round,
                measured.memoryLoop(),
                measured.decodingLoop(),
                measured.service(),
                measured.serviceOverDecodingLoop()));
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
