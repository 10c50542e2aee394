package dev.tutelage.cli.gc;

import dev.tutelage.cli.DurationConverter;
import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Endpoints;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.log.NotPublishedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Removes what nothing needs any more. */
@Command(
        name = "gc",
        description =
                "Finds what nothing needs any more: artifacts that no fact names, snapshots and notes of runs that are"
                        + " at their end, and what a task's retention lets expire. Nothing that a promotion depends on is"
                        + " among it. Removes it with --delete.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all that was to be removed is",
            "1:something could not be removed or looked at",
            "2:the command line is wrong"
        },
        footer = {"", "Example:", "  tutelage gc", "  tutelage gc --delete"})
public final class GcCommand implements Callable<Integer> {
    @Option(
            names = "--task",
            paramLabel = "NAME",
            description =
                    "Only what belongs to this task. Artifacts that nothing names belong to none. Default: everything")
    private Optional<String> task;

    @Option(names = "--delete", description = "Removes what is found. Default: only counts it")
    private boolean delete;

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "What was written within this time is left alone: bytes are stored before the fact that names"
                    + " them is said. Less than 15m only while nothing else works on this machine."
                    + " Default: ${DEFAULT-VALUE}",
            defaultValue = "1h")
    private Duration grace;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "State directory of a running tutelage. Default: ${DEFAULT-VALUE}",
            defaultValue = ".tutelage")
    private Path state;

    @Option(names = "--json", description = "Prints JSON instead of text")
    private boolean json;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() {
        try {
            Endpoints endpoints = Endpoints.ofRunning(state);
            GcReport report = new Housekeeping(endpoints.kafka(), endpoints.artifactStore(), Clock.systemUTC())
                    .run(new Housekeeping.Order(task, delete, grace));
            if (json) {
                terminal.say(report.json());
            } else {
                report.lines().forEach(terminal::say);
            }
            return report.errors().isEmpty() ? 0 : 1;
        } catch (IllegalArgumentException e) {
            terminal.fail(e.getMessage());
            return 2;
        } catch (IOException | MachineException | ArtifactStoreException | NotPublishedException | KafkaException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }
}
