package dev.tutelage.cli.verify;

import dev.tutelage.cli.machine.Endpoints;
import dev.tutelage.cli.machine.MachineException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What every verification can be told. */
final class VerifyFlags {
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

    Optional<String> task() {
        return task;
    }

    /** @throws MachineException if no tutelage runs on the state directory */
    Endpoints endpoints() throws MachineException {
        return Endpoints.ofRunning(state);
    }

    Duration patience() {
        return wait.orElse(Duration.ZERO);
    }

    boolean json() {
        return json;
    }

    /**
     * The exit code of a verification.
     *
     * @param pending how much is not done yet
     */
    int exitCode(boolean clean, int pending) {
        boolean done = wait.isEmpty() || pending == 0;
        return clean && done ? 0 : 1;
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
