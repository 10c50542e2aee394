package dev.tutelage.cli.verify;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Endpoints;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Proves that each image has exactly one soft label by each teacher, or tells where it has not. */
@Command(
        name = "soft-labels",
        description =
                "Proves from topics and objects alone that each image has exactly one soft label by each teacher"
                        + " that was to label it. Prints what is missing, duplicate, orphaned or corrupt, where, and what to do.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:clean; requests that are not done yet are nothing wrong",
            "1:not clean, or not done within --wait, or it could not be looked at",
            "2:the command line is wrong"
        },
        footer = {"", "Example:", "  tutelage verify soft-labels --task fashion --wait 2m"})
public final class VerifySoftLabelsCommand implements Callable<Integer> {
    @Option(names = "--task", paramLabel = "NAME", description = "This task alone. Default: all")
    private Optional<String> task;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "State directory of a running tutelage. Default: ${DEFAULT-VALUE}",
            defaultValue = ".tutelage")
    private Path state;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long to wait for requests that are not done yet, such as 30s or 5m. If some still are"
                    + " not, that is an error. Default: not at all")
    private Optional<Duration> wait;

    @Option(names = "--json", description = "Prints JSON instead of text")
    private boolean json;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        try {
            Endpoints endpoints = Endpoints.ofRunning(state);
            Verification found = new SoftLabelVerifier(endpoints.kafka(), endpoints.artifactStore())
                    .verify(task, wait.orElse(Duration.ZERO));
            if (json) {
                terminal.say(found.json());
            } else {
                found.lines().forEach(terminal::say);
            }
            boolean done = wait.isEmpty() || found.pending() == 0;
            return found.clean() && done ? 0 : 1;
        } catch (IllegalArgumentException e) {
            terminal.fail(e.getMessage());
            return 2;
        } catch (IOException | MachineException | ArtifactStoreException | KafkaException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }

    /** Reads durations as people write them, such as 30s, 5m or 1h30m. */
    static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                Duration duration = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
                if (!duration.isNegative()) {
                    return duration;
                }
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "'" + text + "' is no duration; write it like 30s, 5m or 1h30m (" + e.getMessage() + ")");
            }
            throw new TypeConversionException("'" + text + "' is negative; give a duration of 0s or more");
        }
    }
}
