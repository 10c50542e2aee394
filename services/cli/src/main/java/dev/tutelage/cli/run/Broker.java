package dev.tutelage.cli.run;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Endpoints;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.control.run.RefusedException;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Option;

/** The broker that a command reads from and writes to. */
public final class Broker {
    /** People, as those who want something. */
    public static final String BY = "cli";

    /** People, as those whom facts come from. */
    public static final String SOURCE = "/tutelage/" + BY;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "State directory of a running tutelage. Default: ${DEFAULT-VALUE}",
            defaultValue = ".tutelage")
    private Path state;

    /** State directory of the tutelage whose broker it is. */
    public Path state() {
        return state;
    }

    /** What a command does with it. */
    public interface Work {
        /** Returns the command's exit code. */
        int with(Map<String, Object> kafka) throws RefusedException, NotPublishedException;
    }

    /** Does it, and tells people why if it cannot be done. */
    public int attempt(Terminal terminal, Work work) {
        try {
            return work.with(Endpoints.ofRunning(state).kafka());
        } catch (RefusedException | MachineException | NotPublishedException | KafkaException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }

    /** A log on which people speak. */
    public static FactLog log(Map<String, Object> kafka) {
        return new FactLog(kafka, SOURCE, "cli-" + UUID.randomUUID(), Clock.systemUTC());
    }
}
