package dev.tutelage.cli.why;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Endpoints;
import dev.tutelage.cli.machine.MachineException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells why a run was asked for. */
@Command(
        name = "why",
        description = "Tells why a run was asked for: the reason, the facts that led to it, how far it has come, and"
                + " what took whose place.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage why pretrain-4f"})
public final class WhyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "The run's id, or how it begins if no other begins so")
    private String run;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "State directory of a running tutelage. Default: ${DEFAULT-VALUE}",
            defaultValue = ".tutelage")
    private Path state;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() {
        try {
            RunStory.tell(Endpoints.ofRunning(state).kafka(), run).forEach(terminal::say);
            return 0;
        } catch (UnknownNameException | MachineException | KafkaException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }
}
