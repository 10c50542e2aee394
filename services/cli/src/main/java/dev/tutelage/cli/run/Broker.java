package dev.tutelage.cli.run;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Endpoints;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.cli.remote.GatewayClient;
import dev.tutelage.cli.remote.GatewayException;
import dev.tutelage.cli.remote.Server;
import dev.tutelage.control.run.RefusedException;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Mixin;

/** What a command works on: the broker of the tutelage on this machine, or a gateway whose address is given. */
public final class Broker {
    /** People, as those who want something. */
    public static final String BY = "cli";

    /** People, as those whom facts come from. */
    public static final String SOURCE = "/tutelage/" + BY;

    @Mixin
    private Server server;

    /** State directory of the tutelage whose broker it is. */
    public Path state() {
        return server.state();
    }

    /** What a command does with it. */
    public interface Work {
        /** Returns the command's exit code. */
        int with(Map<String, Object> kafka) throws RefusedException, NotPublishedException;
    }

    /** What a command has a gateway do. */
    public interface Asking {
        /** Returns the command's exit code. */
        int with(GatewayClient gateway) throws GatewayException, InterruptedException;
    }

    /**
     * Does it, and tells people why if it cannot be done.
     *
     * @param here with the broker
     * @param there the same with a gateway, where one is named
     */
    public int attempt(Terminal terminal, Work here, Asking there) throws InterruptedException {
        try {
            Optional<GatewayClient> gateway = server.given();
            return gateway.isPresent()
                    ? there.with(gateway.get())
                    : here.with(Endpoints.ofRunning(state()).kafka());
        } catch (RefusedException | MachineException | NotPublishedException | KafkaException | GatewayException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }

    /** The same, where what a gateway refuses is a mistake of the command line: an {@link IllegalArgumentException}. */
    public static Asking strict(Asking there) {
        return gateway -> {
            try {
                return there.with(gateway);
            } catch (GatewayException e) {
                if (e.isRefusal()) {
                    throw new IllegalArgumentException(e.getMessage(), e);
                }
                throw e;
            }
        };
    }

    /** A log on which people speak. */
    public static FactLog log(Map<String, Object> kafka) {
        return new FactLog(kafka, SOURCE, "cli-" + UUID.randomUUID(), Clock.systemUTC());
    }
}
