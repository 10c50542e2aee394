package dev.tutelage.cli.remote;

import dev.tutelage.cli.machine.LocalGateway;
import dev.tutelage.cli.machine.MachineException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The gateway that a command asks, or the tutelage on this machine. */
public final class Server {
    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:TUTELAGE_SERVER}",
            description = "Address of the gateway. Default: the environment's TUTELAGE_SERVER, or else the"
                    + " tutelage that runs on this machine")
    private Optional<URI> address;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "${env:TUTELAGE_KEY}",
            description =
                    "Key or token to get in with. Default: the environment's TUTELAGE_KEY; on this machine its own."
                            + " Others may see what is on a command line: prefer the environment")
    private Optional<String> key;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "State directory of the tutelage on this machine. Default: ${DEFAULT-VALUE}",
            defaultValue = ".tutelage")
    private Path state;

    /** The gateway whose address is given. */
    public Optional<GatewayClient> given() {
        return address.map(server -> new GatewayClient(server, key));
    }

    /** State directory of the tutelage on this machine. */
    public Path state() {
        return state;
    }

    /** @throws MachineException if no address is given, and nothing runs here */
    GatewayClient client() throws MachineException {
        Optional<GatewayClient> given = given();
        if (given.isPresent()) {
            return given.get();
        }
        LocalGateway local = LocalGateway.ofRunning(state);
        return new GatewayClient(local.address(), key.or(local::key));
    }
}
