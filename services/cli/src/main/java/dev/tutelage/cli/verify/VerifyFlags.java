package dev.tutelage.cli.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tutelage.cli.DurationConverter;
import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Endpoints;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Option;

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

    /** What a verification has found. */
    interface Result {
        /** Whether nothing is wrong. */
        boolean clean();

        /** How much is not done yet, which is nothing wrong. */
        int undone();

        /** For people. */
        List<String> lines();

        /** For programs. */
        String json() throws JsonProcessingException;
    }

    /** Looks at a task or all of them, waiting for so long until nothing is pending. */
    interface Verifier {
        Result verify(Endpoints endpoints, Optional<String> task, Duration patience)
                throws IOException, InterruptedException;
    }

    /** Verifies, tells people or programs what was found, and returns the command's exit code. */
    int run(Verifier verifier) throws InterruptedException {
        Terminal terminal = Terminal.standard();
        try {
            Result found = verifier.verify(Endpoints.ofRunning(state), task, wait.orElse(Duration.ZERO));
            if (json) {
                terminal.say(found.json());
            } else {
                found.lines().forEach(terminal::say);
            }
            boolean done = wait.isEmpty() || found.undone() == 0;
            return found.clean() && done ? 0 : 1;
        } catch (IllegalArgumentException e) {
            terminal.fail(e.getMessage());
            return 2;
        } catch (IOException | MachineException | ArtifactStoreException | KafkaException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }
}
