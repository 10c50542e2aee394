package dev.tutelage.cli.doctor;

import dev.tutelage.cli.IndentedJson;
import dev.tutelage.cli.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Explains what this machine lacks. */
@Command(
        name = "doctor",
        description = "Tells whether this machine can run everything, and what it lacks or could have more of.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing is lacking", "1:something is"},
        footer = {"", "Example:", "  tutelage doctor"})
public final class DoctorCommand implements Callable<Integer> {
    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Directory in which everything would be kept. Default: ${DEFAULT-VALUE}",
            defaultValue = ".tutelage")
    private Path state;

    @Option(names = "--json", description = "Prints JSON instead of text")
    private boolean json;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws IOException {
        List<Check> checks = Doctor.examine(Host.here(state));
        if (json) {
            terminal.say(IndentedJson.of(checks));
        } else {
            checks.forEach(check -> terminal.say(line(check)));
        }
        return checks.stream().anyMatch(check -> check.verdict() == Check.Verdict.LACKING) ? 1 : 0;
    }

    private static String line(Check check) {
        return String.format(
                Locale.ROOT,
                "%-11s %-8s %s%s",
                check.name(),
                check.verdict().name().toLowerCase(Locale.ROOT),
                check.found(),
                check.advice().isEmpty() ? "" : ". " + check.advice());
    }
}
