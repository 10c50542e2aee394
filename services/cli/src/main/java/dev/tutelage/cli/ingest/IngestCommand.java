package dev.tutelage.cli.ingest;

import dev.tutelage.cli.DurationConverter;
import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Endpoints;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.control.ingest.PackingLimits;
import dev.tutelage.control.quantity.Quantities;
import dev.tutelage.control.task.TaskRegistry;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.data.ClassNames;
import dev.tutelage.learning.data.ImageCheck;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.SourceFile;
import dev.tutelage.learning.data.SourceFormat;
import dev.tutelage.learning.data.TarStreamSource;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Streams images into a task: packs, stores and says them, each once, whatever is killed on the way. */
@Command(
        name = "ingest",
        description =
                "Streams images into a task of a running tutelage, each once. Killed at any moment, the same command"
                        + " goes on where it was. What cannot be used is told in the end.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Sources: an image; a folder of images and WebDataset tars, watched with --follow; a tar, also from standard"
                    + " input; and what else `tutelage pack` reads.",
            "",
            "Examples:",
            "  tutelage ingest photographs --task birds --labeled",
            "  tutelage ingest /mnt/camera --task birds --follow --rate 50/s",
            "  curl -s https://example.org/birds.tar | tutelage ingest - --task birds"
        })
public final class IngestCommand implements Callable<Integer> {
    /** Exit code: the source was read, but for what could not be used. */
    public static final int SOME_UNUSABLE = 3;

    private static final String STANDARD_INPUT = "-";
    private static final Duration LINGER_WHEN_FOLLOWING = Duration.ofSeconds(2);

    @Parameters(
            paramLabel = "PATH|-",
            description = "The file or folder that the images are in; - is a tar on standard" + " input")
    private Path source;

    @Option(names = "--task", paramLabel = "NAME", required = true, description = "The task, which is declared already")
    private String task;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "State directory of the running tutelage. Default: ${DEFAULT-VALUE}",
            defaultValue = ".tutelage")
    private Path state;

    @Option(
            names = "--labeled",
            description = "Keeps labels: the folder that an image is in, or what the source says. An image without one"
                    + " cannot be used then")
    private boolean labeled;

    @Option(
            names = "--split",
            paramLabel = "NAME",
            description = "What the images are for: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}",
            defaultValue = "train")
    private Purpose split;

    @Option(
            names = "--rate",
            paramLabel = "N/s",
            description = "Images in a second, at most. Default: as many as may be")
    private Optional<String> rate;

    @Option(
            names = "--follow",
            description =
                    "Watches a folder for new files until Ctrl-C; of standard input, says what is there after --linger")
    private boolean follow;

    @Option(
            names = "--settle",
            converter = DurationConverter.class,
            paramLabel = "TIME",
            description = "How long a file of a watched folder has to stay as it is before it is read: it may still be"
                    + " written to. Default: ${DEFAULT-VALUE}",
            defaultValue = "1s")
    private Duration settle;

    @Option(
            names = "--shard-images",
            paramLabel = "N",
            description = "Images in a shard, at most. Default: ${DEFAULT-VALUE}",
            defaultValue = "1000")
    private int shardImages;

    @Option(
            names = "--shard-bytes",
            paramLabel = "SIZE",
            description = "Bytes of a shard, at most. Default: ${DEFAULT-VALUE}",
            defaultValue = "256M")
    private String shardBytes;

    @Option(
            names = "--linger",
            converter = DurationConverter.class,
            paramLabel = "TIME",
            description =
                    "How long the first image of a shard waits for others. Default: 2s with --follow, otherwise for as"
                            + " long as it takes")
    private Optional<Duration> linger;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "Of the source: ${COMPLETION-CANDIDATES}. Default: what its name tells")
    private Optional<SourceFormat> format;

    @Option(names = "--part", paramLabel = "NAME", description = "The part of a table, or of CIFAR, that is wanted")
    private Optional<String> part;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the order of a folder or table. Default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--journal",
            paramLabel = "DIR",
            description =
                    "Where it is kept what is in already. Default: a folder of the state directory for each task and"
                            + " source")
    private Optional<Path> journalDirectory;

    @Option(names = "--json", description = "Prints JSON instead of text")
    private boolean json;

    private final Terminal terminal = Terminal.standard();
    private final StopSignal stop = new StopSignal();

    /** What images are for. */
    enum Purpose {
        TRAIN(Split.SPLIT_TRAIN),
        HELD_OUT(Split.SPLIT_HELD_OUT);

        private final Split split;

        Purpose(Split split) {
            this.split = split;
        }

        @Override
        public String toString() {
            return this == TRAIN ? "train" : "held-out";
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        Thread stopAtExit = new Thread(() -> stopAndWait(ended), "stop");
        Runtime.getRuntime().addShutdownHook(stopAtExit);
        try {
            return tell(ingest());
        } catch (IllegalArgumentException e) {
            terminal.fail(e.getMessage());
            return 2;
        } catch (IOException | MachineException | NotPublishedException | ArtifactStoreException | KafkaException e) {
            terminal.fail(e.getMessage() + "\nThe same command goes on from here");
            return 1;
        } finally {
            ended.countDown();
            removeHook(stopAtExit);
        }
    }

    /** On Ctrl-C and SIGTERM the process lives until the shard at hand is said and the report is printed. */
    private void stopAndWait(CountDownLatch ended) {
        stop.raise();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This process is ending, and the hook waits for us.
        }
    }

    private IngestReport ingest() throws IOException, InterruptedException, MachineException, NotPublishedException {
        PackingLimits limits = limits();
        requireSense();
        Endpoints endpoints = Endpoints.ofRunning(state);
        Path place = source.toAbsolutePath().normalize();
        Journal.Purpose purpose = new Journal.Purpose(
                task, isStandardInput() ? STANDARD_INPUT : place.toString(), labeled, split.toString());
        Path folder = journalDirectory.orElseGet(() -> Journal.directory(state, purpose));
        if (!isStandardInput() && Files.notExists(place)) {
            throw new IllegalArgumentException(place + " is not there");
        }
        try (Journal journal = Journal.open(folder.toAbsolutePath().normalize(), purpose);
                FactLog log =
                        new FactLog(endpoints.kafka(), "/tutelage/cli", "ingest-" + journal.id(), Clock.systemUTC());
                Rejections rejections = new Rejections(journal.directory().resolve("rejections.jsonl"))) {
            TaskDeclared declared = declared(new TaskRegistry(endpoints.kafka(), log));
            Checking checking = new Checking(check(declared), journal);
            ShardDelivery delivery = new ShardDelivery(
                    ShardAdded.newBuilder()
                            .setTask(task)
                            .setLabeled(labeled)
                            .setSplit(split.split)
                            .build(),
                    journal,
                    endpoints.artifactStore(),
                    log,
                    new SaidShards(endpoints.kafka()),
                    this::progress);
            limits.requireReadable(checking.check().shape());
            Ingest.Settings settings = new Ingest.Settings(limits, pace(), follow);
            try (Ingest ingest = new Ingest(settings, checking, delivery, rejections, stop);
                    Opened opened = open(place, journal)) {
                return ingest.run(opened.source());
            }
        }
    }

    private PackingLimits limits() {
        Optional<Duration> wait = linger.or(() -> follow ? Optional.of(LINGER_WHEN_FOLLOWING) : Optional.empty());
        return new PackingLimits(shardImages, Quantities.bytes(shardBytes), wait);
    }

    private Pace pace() {
        return new Pace(
                rate.map(text -> OptionalDouble.of(Quantities.perSecond(text))).orElseGet(OptionalDouble::empty),
                System::nanoTime);
    }

    private void requireSense() {
        rate.ifPresent(Quantities::perSecond);
        if (split == Purpose.HELD_OUT && !labeled) {
            throw new IllegalArgumentException("Held-out images are for evaluation, which needs labels: add --labeled");
        }
        if (follow && !isStandardInput() && Files.exists(source) && !Files.isDirectory(source)) {
            throw new IllegalArgumentException("--follow watches a folder, and " + source + " is a file");
        }
    }

    private boolean isStandardInput() {
        return source.toString().equals(STANDARD_INPUT);
    }

    private TaskDeclared declared(TaskRegistry registry) {
        return registry.find(task)
                .orElseThrow(() ->
                        new IllegalArgumentException("No task '" + task + "' is declared on state directory " + state));
    }

    private ImageCheck check(TaskDeclared declared) {
        dev.tutelage.event.v1.ImageShape shape = declared.getImage();
        return new ImageCheck(
                new ImageShape(shape.getChannels(), shape.getHeight(), shape.getWidth()),
                labeled ? Optional.of(new ClassNames(declared.getClassesList())) : Optional.empty());
    }

    /** A source, and what has to be closed after it. */
    private record Opened(CandidateSource source, Optional<FileTree> tree) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            if (tree.isPresent()) {
                tree.get().close();
            }
        }
    }

    private Opened open(Path place, Journal journal) throws IOException {
        if (isStandardInput()) {
            TarStreamSource tar =
                    new TarStreamSource(new BufferedInputStream(System.in, 1 << 16), "standard input", "");
            return new Opened(new SampleSource(tar, "", "standard input"), Optional.empty());
        }
        SourceFormat known = format.isPresent() ? format.get() : guess(place);
        if (known == SourceFormat.FOLDER || known == SourceFormat.TAR) {
            FileTree tree = new FileTree(
                    place,
                    seed,
                    follow ? Optional.of(new FileTree.Following(settle)) : Optional.empty(),
                    journal,
                    stop);
            return new Opened(tree, Optional.of(tree));
        }
        return new Opened(
                new SampleSource(known.open(place, new SourceFormat.Options(part, seed)), "", place.toString()),
                Optional.empty());
    }

    /** A watched folder is what its files are, and there may be none yet. */
    private SourceFormat guess(Path place) throws IOException {
        return follow || SourceFile.isImage(place) ? SourceFormat.FOLDER : SourceFormat.guess(place);
    }

    private void progress(ShardDelivery.Step step, SealedShard shard) {
        if (step == ShardDelivery.Step.SAID && !json) {
            terminal.progress("shard " + shard.number() + " of " + shard.images() + " images is in");
        }
    }

    private int tell(IngestReport report) {
        if (json) {
            terminal.say(report.json());
        } else {
            report.lines().forEach(terminal::say);
        }
        return report.rejected().isEmpty() ? 0 : SOME_UNUSABLE;
    }
}
