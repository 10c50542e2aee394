package dev.tutelage.cli.chaos;

import dev.tutelage.cli.SampleFiles;
import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.cli.machine.MachineFlags;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.cli.machine.MemorySampler;
import dev.tutelage.cli.machine.ProcessStatus;
import dev.tutelage.control.task.InvalidTaskException;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Shows that no fault loses anything or does anything twice. */
@Command(
        name = "chaos",
        description = {
            "Runs everything, two processes of each service, while images stream in and new tasks come, and does random"
                    + " faults to it: kills, freezes, network and store faults. Then lets it come to rest, and verifies all that"
                    + " `tutelage verify` does.",
            "The seed decides which faults are done when; --dry-run prints that."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing was lost, repeated or otherwise wrong",
            "1:something was, or did not come to its end, or it could not be run",
            "2:the command line is wrong"
        },
        footer = {
            "",
            "Examples:",
            "  tutelage chaos --minutes 10 --seed 1",
            "  tutelage chaos --minutes 3 --faults kill,freeze"
        })
public final class ChaosCommand implements Callable<Integer> {
    private static final int COPIES = 2;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            description = "How long faults are done for. Default: ${DEFAULT-VALUE}",
            defaultValue = "10")
    private double minutes;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Of the schedule. Default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--faults",
            paramLabel = "KIND",
            split = ",",
            converter = KindConverter.class,
            description = "These kinds alone: kill, terminate, freeze, cut, hang, slow, store-error, store-unavailable,"
                    + " store-slow, store-truncated, repeat, restart-all. Default: all")
    private Set<FaultKind> kinds = EnumSet.allOf(FaultKind.class);

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Directory for everything that is kept; a new one. Default: one below .tutelage/")
    private Optional<Path> state;

    @Option(names = "--dry-run", description = "Prints the schedule and does nothing")
    private boolean dryRun;

    @Option(names = "--json", description = "Prints the result as JSON, and what goes on to standard error")
    private boolean json;

    @Mixin
    private MachineFlags flags;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        if (!(minutes > 0)) {
            terminal.fail("--minutes is " + minutes + ", but must be more than 0");
            return 2;
        }
        Duration length = Duration.ofMillis((long) (minutes * 60_000));
        Schedule schedule = Schedule.of(seed, length, kinds, processes());
        schedule.faults().forEach(fault -> note(fault.line()));
        if (dryRun) {
            return 0;
        }
        try {
            ChaosResult result = run(schedule, length);
            if (json) {
                terminal.say(result.json());
            } else {
                result.lines().forEach(terminal::say);
            }
            return result.clean() ? 0 : 1;
        } catch (IOException
                | MachineException
                | InvalidTaskException
                | ArtifactStoreException
                | KafkaException
                | IllegalStateException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }

    private ChaosResult run(Schedule schedule, Duration length)
            throws IOException, MachineException, InvalidTaskException, InterruptedException {
        Path directory = state.orElseGet(
                () -> Path.of(".tutelage", "chaos-" + Clock.systemUTC().millis()));
        MachineOptions options = flags.options(directory).withCopies(COPIES).withDisturbableNetwork();
        for (String process : processes()) {
            // Trainings take seconds here, so that snapshots must come quickly to matter.
            options = options.withEnvironment(process, Map.of("TUTELAGE_WORKER_SNAPSHOT_EVERY", "2s"));
        }
        try (Machine machine = Machine.start(options, this::tell);
                MemorySampler memory = new MemorySampler(machine)) {
            River river = new River(machine, SampleFiles.ofBuild(), seed);
            Chaos.Aftermath aftermath = new Chaos(machine, river, this::noteTimed).run(schedule, length);
            aftermath.found().lines().forEach(this::note);
            return ChaosResult.of(seed, minutes, river, aftermath, memory.peakBytes());
        }
    }

    /** Those of the services, as a machine with two of each names them. */
    private static List<String> processes() {
        return Stream.concat(
                        MachineOptions.ALL_SERVICES.stream(),
                        MachineOptions.ALL_SERVICES.stream().map(service -> service + "-" + COPIES))
                .toList();
    }

    private void tell(ProcessStatus status) {
        if (status.state() == ProcessStatus.State.READY) {
            noteTimed(status.name() + " is ready");
        }
    }

    private void noteTimed(String line) {
        if (json) {
            System.err.println(line);
        } else {
            terminal.sayTimed(line);
        }
    }

    private void note(String line) {
        if (json) {
            System.err.println(line);
        } else {
            terminal.say(line);
        }
    }

    /** Reads kinds as people write them. */
    static final class KindConverter implements ITypeConverter<FaultKind> {
        @Override
        public FaultKind convert(String word) {
            return FaultKind.of(word)
                    .orElseThrow(() -> new TypeConversionException("'" + word + "' is no kind of fault; there are "
                            + Arrays.stream(FaultKind.values())
                                    .map(FaultKind::word)
                                    .collect(Collectors.joining(", "))));
        }
    }
}
